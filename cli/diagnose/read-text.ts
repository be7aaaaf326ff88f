import { open, stat } from 'node:fs/promises'
import { InputError } from '../../shared/model/errors.ts'

/** Bytes that are read, from the end: characters of the classifier's limit at up to four bytes each. */
const mostBytes = 4_000_000

/**
 * The text of an error: an argument, a file, or standard input when either is `-`, or when neither is given and
 * something is piped in.
 * @throws InputError when there is none, or the file cannot be read
 */
export async function readErrorText(argument: string | undefined, file: string | undefined): Promise<string> {
  if (argument !== undefined && file !== undefined) throw new InputError('give the text or --file, not both')
  const text = await readFrom(argument, file)
  if (text.trim() === '') throw new InputError('the text is empty; expected the text of an error')
  return text
}

async function readFrom(argument: string | undefined, file: string | undefined): Promise<string> {
  if (argument !== undefined && argument !== '-') return argument
  if (file !== undefined && file !== '-') return endOfFile(file)
  if (argument === undefined && file === undefined && process.stdin.isTTY)
    throw new InputError('no text given; expected the text of an error, --file <file>, or - for standard input')
  return endOfStandardInput()
}

async function endOfFile(file: string): Promise<string> {
  try {
    if (!(await stat(file)).isFile()) throwUnreadable(file, 'not a file')
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const length = Math.min(size, mostBytes)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return throwUnreadable(file, code)
  }
}

function throwUnreadable(file: string, why: string): never {
  throw new InputError(`--file: ${file}: cannot be read (${why}); expected the text of an error`)
}

/** Keeps the end of what is piped in: memory stays bounded however long the log. */
async function endOfStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    while (length - (chunks[0]?.length ?? 0) >= mostBytes) length -= chunks.shift()?.length ?? 0
  }
  return Buffer.concat(chunks).toString('utf8')
}
