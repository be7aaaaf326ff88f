import type { Candidate } from './candidate.ts'
import { type CauseCode, causes } from './causes.ts'
import { filled } from './commands.ts'
import { type Facts, factsOf, withFallback } from './facts.ts'
import { signatureOf } from './match.ts'
import { type Message, messagesIn } from './messages.ts'
import type { Signature } from './signature.ts'

interface Diagnosed {
  readonly facts: Facts
  readonly signature: Signature
  /** 1; less for a line that was also read as a part of a longer message. */
  readonly weight: number
}

/** A candidate with the confidence it has so far and the message that names the most. */
interface Ranked {
  readonly code: CauseCode
  readonly confidence: number
  readonly facts: Facts
}

/** What a line on its own is worth when it also continues another. */
const lineWeight = 0.5
/** Messages whose ids are looked at when the failed one does not tell: an event names its image in a field of its own. */
const mostContext = 2000

/**
 * Reads the text of an error (a stopped reason, events of a pod, a log, JSON of an event) and ranks what it may mean,
 * likeliest first. Empty when nothing in it is about pulling an image. Linear in the text, of which the last million
 * characters are read; never throws.
 */
export function diagnose(text: string): readonly Candidate[] {
  const messages = messagesIn(text)
  const diagnosed = messages.flatMap(diagnosedIn)
  if (diagnosed.length === 0) return []
  const all = messages.slice(0, mostContext).map((message) => factsOf(message.text))
  return ranked(diagnosed).map(({ code, confidence, facts }) => candidateOf(code, confidence, withFallback(facts, all)))
}

function diagnosedIn(message: Message): readonly Diagnosed[] {
  const whole = read(message.text, 1)
  if (message.lines.length < 2) return whole
  const lines = message.lines.flatMap((line) => read(line, lineWeight))
  if (whole.length > 0 || lines.length > 0) return [...whole, ...lines]
  // A terminal that breaks lines anywhere breaks words too.
  return read(message.lines.join(''), 1)
}

function read(text: string, weight: number): readonly Diagnosed[] {
  const signature = signatureOf(text)
  return signature === undefined ? [] : [{ facts: factsOf(text), signature, weight }]
}

/** One per code, with its highest confidence; the first message that names the most ids fills the commands. */
function ranked(diagnosed: readonly Diagnosed[]): readonly Ranked[] {
  const byCode = new Map<CauseCode, Ranked>()
  for (const { facts, signature, weight } of diagnosed) {
    for (const [code, likely] of signature.means) {
      const known = byCode.get(code)
      const confidence = Math.max(known?.confidence ?? 0, round(likely * weight))
      byCode.set(code, {
        code,
        confidence,
        facts: known !== undefined && known.facts.size >= facts.size ? known.facts : facts,
      })
    }
  }
  return [...byCode.values()].sort((a, b) => b.confidence - a.confidence)
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100
}

function candidateOf(code: CauseCode, confidence: number, facts: Facts): Candidate {
  const { hop, meaning, checks, commands } = causes[code]
  return { hop, code, meaning, confidence, checks, commands: commands.map((command) => filled(command, facts)) }
}
