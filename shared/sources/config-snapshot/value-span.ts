/** A file that is not what it should be; the message says what was expected. */
export class SnapshotFormatError extends Error {
  override readonly name = 'SnapshotFormatError'
}

/** Bounds of one JSON value. */
export interface SpanLimits {
  /** Deepest nesting. */
  readonly depth: number
  /** Most bytes. */
  readonly bytes: number
}

/** Is told the text fields of an object as they pass; says whether the value is worth keeping. */
export interface FieldWatch {
  /** Names of the fields at the top of the object that are wanted; ASCII. */
  readonly names: readonly string[]
  /** Called with each wanted field whose value is a text. Returning false lets the bytes of the value go. */
  field(name: string, value: string): boolean
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
const colon = 0x3a
const longestField = 1024

/**
 * Finds the end of one JSON value in bytes that arrive in chunks, without parsing it: it follows strings, escapes and
 * brackets only. While it passes, it can watch the text fields at the top of an object, and it can keep the bytes.
 */
export class ValueSpan {
  readonly #limits: SpanLimits
  readonly #watch: FieldWatch | undefined
  /** The bracket that closes each open level. */
  readonly #closers: Uint8Array
  readonly #longestName: number
  #depth = 0
  #inString = false
  #escaped = false
  #scalar = false
  #keeps = false
  #bytes = 0
  #pieces: Buffer[] = []
  /** Parts of a string at the top of the object that began in an earlier chunk. */
  #textPieces: Buffer[] = []
  #textHasEscape = false
  #atKey = false
  #field: string | undefined

  constructor(limits: SpanLimits, watch?: FieldWatch) {
    this.#limits = limits
    this.#watch = watch
    this.#closers = new Uint8Array(limits.depth + 1)
    this.#longestName = Math.max(0, ...(watch?.names ?? []).map((name) => name.length))
  }

  /** Makes ready for the value whose first byte is `first`; with `keeps` its bytes are kept for `text`. */
  begin(first: number, keeps: boolean): void {
    this.#depth = 0
    this.#inString = false
    this.#escaped = false
    this.#scalar = first !== quote && first !== openBrace && first !== openBracket
    this.#keeps = keeps
    this.#bytes = 0
    this.#pieces = []
    this.#textPieces = []
    this.#atKey = false
    this.#field = undefined
  }

  /** Reads on at `from`; returns the index after the value, or -1 when the chunk ended first. */
  consume(chunk: Buffer, from: number): number {
    const end = this.#scalar ? endOfScalar(chunk, from) : this.#endOfNested(chunk, from)
    const stop = end === -1 ? chunk.length : end
    this.#bytes += stop - from
    if (this.#bytes > this.#limits.bytes) {
      throw new SnapshotFormatError(`one value is larger than ${this.#limits.bytes} bytes`)
    }
    if (this.#keeps) this.#pieces.push(chunk.subarray(from, stop))
    return end
  }

  /** The bytes of the value as text; undefined when they were not kept. */
  text(): string | undefined {
    if (!this.#keeps) return undefined
    const [first, ...rest] = this.#pieces
    if (first === undefined) return ''
    const all = rest.length === 0 ? first : Buffer.concat(this.#pieces)
    this.#pieces = []
    return all.toString('utf8')
  }

  // One loop over local variables: this is where nearly all time of reading a large file goes.
  #endOfNested(chunk: Buffer, from: number): number {
    const length = chunk.length
    let i = from
    let depth = this.#depth
    let inString = this.#inString
    let textStart = from
    while (i < length) {
      if (inString) {
        if (this.#escaped) {
          this.#escaped = false
          i++
          continue
        }
        let byte = 0
        while (i < length) {
          byte = chunk[i] as number
          if (byte === quote || byte === backslash) break
          i++
        }
        if (i === length) break
        i++
        if (byte === backslash) {
          this.#escaped = true
          this.#textHasEscape = true
          continue
        }
        inString = false
        if (depth === 1) this.#endText(chunk, textStart, i - 1)
        else if (depth === 0) return this.#finish(i)
        continue
      }
      const byte = chunk[i++] as number
      if (byte === quote) {
        inString = true
        if (depth === 1) {
          textStart = i
          this.#textHasEscape = false
        }
      } else if (byte === comma) {
        if (depth === 1) this.#atKey = this.#closers[1] === closeBrace
      } else if (byte === openBrace || byte === openBracket) {
        this.#open(++depth, byte)
      } else if (byte === closeBrace || byte === closeBracket) {
        if (this.#closers[depth] !== byte) throw new SnapshotFormatError('brackets do not match: not valid JSON')
        if (--depth === 0) return this.#finish(i)
      }
    }
    this.#depth = depth
    this.#inString = inString
    if (inString && depth === 1 && this.#watch) this.#textPieces.push(chunk.subarray(textStart, length))
    return -1
  }

  #finish(end: number): number {
    this.#depth = 0
    this.#inString = false
    return end
  }

  #open(depth: number, byte: number): void {
    if (depth > this.#limits.depth) {
      throw new SnapshotFormatError(`values nest deeper than ${this.#limits.depth} levels`)
    }
    this.#closers[depth] = byte === openBrace ? closeBrace : closeBracket
    if (depth === 1) this.#atKey = byte === openBrace
  }

  /** A string at the top of the object ended: it is a key, or the value of the key before it. */
  #endText(chunk: Buffer, start: number, end: number): void {
    const bytes = this.#textPieces.length === 0 ? chunk.subarray(start, end) : this.#joinedText(chunk, start, end)
    if (this.#watch === undefined) return
    if (this.#atKey) {
      this.#atKey = false
      this.#field = this.#fieldNamed(bytes, this.#watch)
      return
    }
    if (this.#field === undefined) return
    const value = bytes.length > longestField ? undefined : decoded(bytes, this.#textHasEscape)
    if (value !== undefined && !this.#watch.field(this.#field, value)) this.#letGo()
    this.#field = undefined
  }

  #joinedText(chunk: Buffer, start: number, end: number): Buffer {
    const joined = Buffer.concat([...this.#textPieces, chunk.subarray(start, end)])
    this.#textPieces = []
    return joined
  }

  #fieldNamed(bytes: Buffer, watch: FieldWatch): string | undefined {
    if (bytes.length > longestField) return undefined
    if (!this.#textHasEscape && bytes.length > this.#longestName) return undefined
    const key = decoded(bytes, this.#textHasEscape)
    return key !== undefined && watch.names.includes(key) ? key : undefined
  }

  #letGo(): void {
    this.#keeps = false
    this.#pieces = []
  }
}

function decoded(bytes: Buffer, hasEscape: boolean): string | undefined {
  const text = bytes.toString('utf8')
  if (!hasEscape) return text
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return undefined
  }
}

/** A number, `true`, `false` or `null` goes on until a separator. */
function endOfScalar(chunk: Buffer, from: number): number {
  for (let i = from; i < chunk.length; i++) {
    const byte = chunk[i] as number
    if (byte <= 0x20 || byte === comma || byte === closeBrace || byte === closeBracket || byte === colon) return i
  }
  return -1
}
