import { styleText } from 'node:util'
import type { PullTrace } from '../../shared/model/pull.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import { wrappedLines } from '../../shared/sinks/report/wrapped-text.ts'
import type { Shown } from './result.ts'

/** How the answer is drawn. */
export interface RenderOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
}

type Style = Parameters<typeof styleText>[0]

const verdictColors = { confirmed: 'red', contradicted: 'green', undecided: 'magenta' } as const

/** The candidates for a person: hop and meaning, what the configuration says, what to check, and commands to copy. */
export function renderCandidates(
  candidates: readonly Shown[],
  pulls: readonly PullTrace[],
  options: RenderOptions,
): string {
  const blocks = candidates.map((candidate, index) => block(candidate, index + 1, options))
  return [...blocks, ...otherwiseBroken(candidates, pulls, options)].join('\n\n').concat('\n')
}

/** When nothing the message may mean is confirmed, the first broken hop of the configuration is worth a word. */
function otherwiseBroken(
  candidates: readonly Shown[],
  pulls: readonly PullTrace[],
  options: RenderOptions,
): readonly string[] {
  if (candidates.some((candidate) => 'verdict' in candidate && candidate.verdict === 'confirmed')) return []
  const [broken] = pulls.filter(({ firstBrokenHop }) => firstBrokenHop !== undefined)
  const hop = broken?.hops.find((one) => one.hop === broken.firstBrokenHop)
  if (broken === undefined || hop === undefined) return []
  const text = `${broken.workload.arn} pulls ${broken.image} and breaks at ${hop.hop}: ${hop.reason}`
  return [`The configuration shows another broken hop\n${wrapped(3, '', text, options)}`]
}

function block(candidate: Shown, place: number, options: RenderOptions): string {
  const { hop, code, meaning, confidence, checks, commands } = candidate
  const percent = `${Math.round(confidence * 100)} %`
  const heading = `${place}. ${paint('bold', hop, options)}  ${code}  ${paint('dim', percent, options)}`
  return [
    heading,
    wrapped(3, '', meaning, options),
    ...verdictLines(candidate, options),
    paint('dim', '   check', options),
    ...checks.map((check) => wrapped(5, '- ', check, options)),
    paint('dim', '   run', options),
    // Never wrapped: a command is there to be copied.
    ...commands.map((command) => `     ${terminalText(command)}`),
  ].join('\n')
}

function verdictLines(candidate: Shown, options: RenderOptions): readonly string[] {
  if (!('verdict' in candidate)) return []
  const { verdict, confirmedBy } = candidate
  const word = paint(verdictColors[verdict], verdict, options)
  if (confirmedBy === undefined) return [`   ${word} by the configuration`]
  const { workload, image, hop } = confirmedBy
  return [
    `   ${word} by the configuration`,
    wrapped(5, '', `${workload} pulls ${image}: ${hop.reason}`, options),
    ...(hop.fix === undefined ? [] : [wrapped(5, 'fix: ', hop.fix, options)]),
  ]
}

/** Wrapped within the width and indented below its mark; text from files is made safe first. */
function wrapped(margin: number, mark: string, text: string, { width }: RenderOptions): string {
  const indent = margin + mark.length
  const body = wrappedLines(text, Math.max(30, width - indent)).join(`\n${' '.repeat(indent)}`)
  return `${' '.repeat(margin)}${mark}${body}`
}

function paint(format: Style, text: string, { color }: RenderOptions): string {
  return color ? styleText(format, text, { validateStream: false }) : text
}
