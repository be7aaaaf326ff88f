import { type FieldWatch, SnapshotFormatError, ValueSpan } from './value-span.ts'

/** What is known of an item before it is parsed; undefined where it did not say. */
export interface ItemHead {
  readonly index: number
  readonly resourceType: string | undefined
  readonly accountId: string | undefined
  readonly region: string | undefined
}

/** Is told what a snapshot file holds, in the order of the file. */
export interface SnapshotHandler {
  /** Whether items of the type are to be parsed. */
  wants(resourceType: string): boolean
  /** One element of `configurationItems`; `json` is undefined when its type is not wanted. */
  item(head: ItemHead, json: string | undefined): void
  /** The text of the top-level `pullpath` value. */
  section(json: string): void
}

/** Bounds that keep a hostile file from taking the memory. */
export interface ScanLimits {
  /** Bytes of one item, or of a top-level value we do not know; 64 MiB. */
  readonly itemBytes: number
  /** Bytes of the `pullpath` section; 16 MiB. */
  readonly sectionBytes: number
  /** Nesting inside an item or another top-level value; 256. */
  readonly depth: number
}

/** Far above what AWS Config writes. */
export const defaultScanLimits: ScanLimits = { itemBytes: 64 * 2 ** 20, sectionBytes: 16 * 2 ** 20, depth: 256 }

type State =
  | 'start'
  | 'first key'
  | 'next key'
  | 'key'
  | 'colon'
  | 'value'
  | 'other value'
  | 'section'
  | 'after value'
  | 'first item'
  | 'next item'
  | 'item'
  | 'after item'
  | 'end'

const expectation = 'expected an AWS Config file: {"fileVersion": "1.0", "configurationItems": [ … ]}'
const longestKey = 1024

/**
 * Follows the envelope of an AWS Config file in bytes that arrive in chunks cut anywhere. Only items of wanted types are
 * turned into text; of the others nothing but balanced brackets and quotes is checked.
 * `write` and `end` throw `SnapshotFormatError` for anything that is not such a file.
 */
export class SnapshotScanner {
  readonly #handler: SnapshotHandler
  readonly #keySpan: ValueSpan
  readonly #otherSpan: ValueSpan
  readonly #sectionSpan: ValueSpan
  readonly #itemSpan: ValueSpan
  #state: State = 'start'
  #span: ValueSpan | undefined
  #key = ''
  #bytesBefore = 0
  #sawItems = false
  #index = 0
  #resourceType: string | undefined
  #accountId: string | undefined
  #region: string | undefined

  constructor(handler: SnapshotHandler, limits: ScanLimits = defaultScanLimits) {
    this.#handler = handler
    this.#keySpan = new ValueSpan({ depth: 1, bytes: longestKey })
    this.#otherSpan = new ValueSpan({ depth: limits.depth, bytes: limits.itemBytes })
    this.#sectionSpan = new ValueSpan({ depth: limits.depth, bytes: limits.sectionBytes })
    this.#itemSpan = new ValueSpan({ depth: limits.depth, bytes: limits.itemBytes }, this.#watchItem())
  }

  /** Reads the next chunk of the file. */
  write(chunk: Buffer): void {
    let i = 0
    while (i < chunk.length) {
      if (this.#span) {
        i = this.#consume(this.#span, chunk, i)
        if (i === -1) break
      } else {
        const byte = chunk[i] as number
        if (!isWhitespace(byte) && !this.#isMark(byte, i)) this.#step(byte)
        // A value is read by its span from its first byte on; everything else is one byte long.
        if (!this.#span) i++
      }
    }
    this.#bytesBefore += chunk.length
  }

  /** Says that the file ended. */
  end(): void {
    if (this.#bytesBefore === 0) throw new SnapshotFormatError(`the file is empty; ${expectation}`)
    if (this.#state === 'start') throw new SnapshotFormatError(`not a JSON object; ${expectation}`)
    if (this.#state !== 'end') throw new SnapshotFormatError('the JSON ends too early: the file is truncated')
    if (!this.#sawItems) throw new SnapshotFormatError(`configurationItems is missing; ${expectation}`)
  }

  #watchItem(): FieldWatch {
    return {
      names: ['resourceType', 'awsAccountId', 'accountId', 'awsRegion'],
      field: (name, value) => {
        if (name === 'awsRegion') this.#region = value
        else if (name !== 'resourceType') this.#accountId = value
        else return this.#noteType(value)
        return true
      },
    }
  }

  #noteType(value: string): boolean {
    // Readers of JSON disagree about repeated keys, and the type decides whether the item is looked at.
    if (this.#resourceType !== undefined && this.#resourceType !== value) {
      throw new SnapshotFormatError(`configurationItems[${this.#index}] names two resourceTypes`)
    }
    this.#resourceType = value
    return this.#handler.wants(value)
  }

  /** A byte order mark at the very start is let pass. */
  #isMark(byte: number, index: number): boolean {
    const mark = [0xef, 0xbb, 0xbf]
    return this.#state === 'start' && mark[this.#bytesBefore + index] === byte
  }

  #consume(span: ValueSpan, chunk: Buffer, from: number): number {
    try {
      const end = span.consume(chunk, from)
      if (end !== -1) this.#finish(span)
      return end
    } catch (error) {
      if (error instanceof SnapshotFormatError && this.#state === 'item') {
        throw new SnapshotFormatError(`configurationItems[${this.#index}]: ${error.message}`)
      }
      throw error
    }
  }

  #begin(span: ValueSpan, state: State, byte: number, keeps: boolean): void {
    span.begin(byte, keeps)
    this.#span = span
    this.#state = state
  }

  /** One byte of the envelope. */
  #step(byte: number): void {
    const char = String.fromCharCode(byte)
    switch (this.#state) {
      case 'start':
        if (char !== '{') throw new SnapshotFormatError(`not a JSON object; ${expectation}`)
        this.#state = 'first key'
        return
      case 'first key':
        if (char === '}') this.#state = 'end'
        else this.#beginKey(char, byte)
        return
      case 'next key':
        this.#beginKey(char, byte)
        return
      case 'colon':
        this.#state = expected(char, { ':': 'value' })
        return
      case 'value':
        this.#beginValue(char, byte)
        return
      case 'after value':
        this.#state = expected(char, { ',': 'next key', '}': 'end' })
        return
      case 'first item':
        if (char === ']') this.#state = 'after value'
        else this.#beginItem(char, byte)
        return
      case 'next item':
        this.#beginItem(char, byte)
        return
      case 'after item':
        this.#state = expected(char, { ',': 'next item', ']': 'after value' })
        return
      case 'end':
        throw new SnapshotFormatError('something follows the end of the JSON object')
      case 'key':
      case 'other value':
      case 'section':
      case 'item':
        throw new Error(`no span is open in state ${this.#state}`)
      default:
        this.#state satisfies never
    }
  }

  #beginKey(char: string, byte: number): void {
    if (char !== '"') throw notJson(char)
    this.#begin(this.#keySpan, 'key', byte, true)
  }

  #beginValue(char: string, byte: number): void {
    if (this.#key === 'configurationItems') {
      if (char !== '[') throw new SnapshotFormatError('configurationItems: expected a list')
      if (this.#sawItems) throw new SnapshotFormatError('configurationItems occurs twice')
      this.#sawItems = true
      this.#state = 'first item'
    } else if (this.#key === 'pullpath') this.#begin(this.#sectionSpan, 'section', beginning(char, byte), true)
    else this.#begin(this.#otherSpan, 'other value', beginning(char, byte), isScalar(char))
  }

  #beginItem(char: string, byte: number): void {
    this.#resourceType = undefined
    this.#accountId = undefined
    this.#region = undefined
    this.#begin(this.#itemSpan, 'item', beginning(char, byte), true)
  }

  /** A span reached the end of its value. */
  #finish(span: ValueSpan): void {
    const text = span.text()
    this.#span = undefined
    if (this.#state === 'key') {
      this.#key = String(parsed(text ?? ''))
      this.#state = 'colon'
    } else if (this.#state === 'item') {
      const [resourceType, accountId, region] = [this.#resourceType, this.#accountId, this.#region]
      this.#handler.item({ index: this.#index++, resourceType, accountId, region }, text)
      this.#state = 'after item'
    } else {
      if (this.#state === 'section') this.#handler.section(text ?? '')
      else if (text !== undefined) parsed(text)
      this.#state = 'after value'
    }
  }
}

function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function isScalar(char: string): boolean {
  return char !== '{' && char !== '['
}

function beginning(char: string, byte: number): number {
  if (!/[-0-9tfn"{[]/.test(char)) throw notJson(char)
  return byte
}

function expected(char: string, next: { readonly [char: string]: State }): State {
  const state = Object.hasOwn(next, char) ? next[char] : undefined
  if (state === undefined) throw notJson(char)
  return state
}

function notJson(char: string): SnapshotFormatError {
  return new SnapshotFormatError(`not valid JSON: unexpected ${JSON.stringify(char)}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SnapshotFormatError('not valid JSON: a key or value cannot be read')
  }
}
