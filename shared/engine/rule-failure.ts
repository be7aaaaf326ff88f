import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** Frames that count: as many as any runtime keeps, whatever its limit. */
const FRAMES = 5

/**
 * What a rule that threw is reported with: the error, and a mark of eight digits of where it was thrown. The mark is of the error's name
 * and of the frames below the engine, without paths and messages: one release gives one bug one mark, on every machine and whatever
 * the resource. `callers` is the stack of whoever called the rule.
 */
export function describeFailure(error: unknown, callers: string | undefined): string {
  if (!(error instanceof Error)) return 'an unnamed error'
  const place = JSON.stringify([error.name, ...ownFrames(error, framesOf(callers ?? '')[1])])
  return `${error.name}: ${error.message}; stack ${bytesToHex(sha256(utf8ToBytes(place))).slice(0, 8)}`
}

/** The frames from where it was thrown down to the engine, without what calls the engine. */
function ownFrames({ stack, message }: Error, caller: string | undefined): readonly string[] {
  if (typeof stack !== 'string') return []
  // A message may look like a frame.
  const head = stack.indexOf(message)
  const frames = framesOf(head < 0 ? stack : stack.slice(head + message.length))
  const end = caller === undefined ? -1 : frames.indexOf(caller)
  return frames
    .slice(0, end < 0 ? undefined : end)
    .filter((frame) => !/node:|<anonymous>/.test(frame))
    .slice(0, FRAMES)
    .map(withoutPath)
}

function framesOf(stack: string): readonly string[] {
  return stack.split('\n').filter((line) => line.startsWith('    at '))
}

/** `name (file:line:column)`: where a program lies is different on every machine. */
function withoutPath(frame: string): string {
  return frame.replace(/^( +at (?:[^(/\\]*\()?).*[/\\]/, '$1')
}
