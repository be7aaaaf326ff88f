/** What was to be written could not be: the message names the path and the reason, in one line. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
}

/** The error for a path, in plain words. `option` is how the user named the place. */
export function cannotWrite(option: string, path: string, error: unknown): OutputError {
  return new OutputError(`${option}: ${path}: cannot be written (${codeAndWords(error)}`, { cause: error })
}

const words = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space left'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the file would be too large'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['EEXIST', 'it is not a directory'],
  ['EISDIR', 'it is a directory'],
  ['ENOENT', 'no such directory'],
])

function codeAndWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (code === undefined) return `${error instanceof Error ? error.message : 'unknown error'})`
  const plain = words.get(code)
  return plain === undefined ? `${code})` : `${code}): ${plain}`
}
