import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import type { Grade, Hop, HopStatus, PullTrace } from '../../shared/model/pull.ts'
import { clip } from '../../shared/model/quote.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import { wrappedLines } from '../../shared/sinks/report/wrapped-text.ts'
import type { Symbols } from './symbols.ts'

/** How the answer is drawn. */
export interface RenderOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
  readonly symbols: Symbols
}

type Style = Parameters<typeof styleText>[0]

/** Proofs shown of hops that stop the pull or may, and of the others. */
const mostEvidence = { open: 6, settled: 2 } as const
/** Characters of the longest reference that is read. */
const longestReference = 1024
/** The longest name of a hop. */
const nameWidth = 'endpoint-policy'.length
/** Where texts start: margin, symbol, name and the spaces between. */
const textColumn = 2 + 2 + nameWidth + 2

const styles = { pass: 'green', fail: 'red', unknown: 'magenta', skipped: 'dim' } as const satisfies Record<
  HopStatus,
  Style
>
const privacy: Readonly<Record<Grade, string>> = {
  A: 'endpoints of the VPC',
  B: 'central endpoints',
  C: 'NAT gateway',
  D: 'internet gateway',
}
const leastPrivilege: Readonly<Record<Grade, string>> = {
  A: 'these repositories, pull only',
  B: 'every repository, pull only',
  C: 'wider reads',
  D: 'more than reads',
}

/** Every path hop by hop, the proof under each, the fix under the broken one; then how many there are of each kind. In pieces. */
export function* renderTraces(traces: readonly PullTrace[], options: RenderOptions): Generator<string> {
  for (const [index, trace] of traces.entries()) {
    yield `${index === 0 ? '' : '\n'}${renderTrace(trace, options)}\n`
  }
  if (traces.length > 1) yield `\n${totals(traces, options)}\n`
}

function renderTrace(trace: PullTrace, options: RenderOptions): string {
  return [...heading(trace, options), '', ...pathLines(trace, options), '', ...conclusion(trace, options)].join('\n')
}

function heading({ workload, image, subnets, principals }: PullTrace, options: RenderOptions): readonly string[] {
  const where = [workload.type, workload.accountId, workload.region].join('  ')
  const name = paint('bold', terminalText(workload.name), options)
  // Objects of manifests may run in several places; their ARN begins with that of the place.
  const place = workload.arn.includes('#') ? workload.arn.slice(0, workload.arn.indexOf('#')) : ''
  return [
    wrapAnsi(`${name}  ${paint('dim', terminalText(where), options)}`, options.width, { hard: true }),
    ...(place === '' ? [] : entry('on', place, options)),
    ...entry('image', shownImage(image), options),
    ...(subnets.length === 0 ? [] : entry('from', subnets.join(', '), options)),
    ...(principals.length === 0 ? [] : entry('as', principals.join(', '), options)),
  ]
}

/** In full as far as it can be a reference at all. */
function shownImage(image: string): string {
  if (image === '') return 'not known'
  return image.length > longestReference ? clip(image) : image
}

function pathLines({ hops, firstBrokenHop }: PullTrace, options: RenderOptions): readonly string[] {
  const brokenAt = hops.findIndex(({ hop }) => hop === firstBrokenHop)
  return hops.flatMap((hop, index) => {
    const isLast = index === hops.length - 1
    const { line, brokenLine } = options.symbols
    const rail = isLast ? ' ' : brokenAt >= 0 && index >= brokenAt ? brokenLine : line
    return hopLines(hop, rail, hop.hop === firstBrokenHop, options)
  })
}

function hopLines(hop: Hop, rail: string, isRoot: boolean, options: RenderOptions): readonly string[] {
  const { status, reason, fix } = hop
  // A proof that only says the reason again proves nothing.
  const evidence = hop.evidence.filter(({ detail }) => !reason.endsWith(detail))
  const style: Style = isRoot ? ['bold', styles[status]] : styles[status]
  const symbol = paint(style, options.symbols.hop[status], options)
  const name = paint(isRoot ? style : status === 'skipped' ? 'dim' : 'bold', hop.hop.padEnd(nameWidth), options)
  const [first = '', ...rest] = wrapped(reason, options)
  const shade = (text: string) => (status === 'skipped' ? paint('dim', text, options) : text)
  const most = status === 'fail' || status === 'unknown' ? mostEvidence.open : mostEvidence.settled
  const more = evidence.length - most
  return [
    `  ${symbol} ${name}  ${shade(first)}`,
    ...rest.map((text) => `  ${railText(rail, options)} ${' '.repeat(nameWidth)}  ${shade(text)}`),
    ...evidence.slice(0, most).flatMap(({ source, detail }) => under('proof', `${source}: ${detail}`, rail, options)),
    ...(more > 0 ? under('', `and ${more} more (--format json has all)`, rail, options) : []),
    ...(status === 'fail' && fix !== undefined ? under('fix', fix, rail, options, 'cyan') : []),
  ]
}

/** `label  text` below a hop, the text in the column of reasons. */
function under(label: string, text: string, rail: string, options: RenderOptions, style?: Style): readonly string[] {
  return wrapped(text, options).map((part, index) => {
    const name = (index === 0 ? label : '').padStart(nameWidth)
    const shown = style === undefined ? paint('dim', part, options) : part
    return `  ${railText(rail, options)} ${paint(style ?? 'dim', name, options)}  ${shown}`
  })
}

function railText(rail: string, options: RenderOptions): string {
  return paint('dim', rail, options)
}

function conclusion(trace: PullTrace, options: RenderOptions): readonly string[] {
  const assumptions = [...new Set(trace.hops.flatMap((hop) => hop.assumptions))]
  return [...verdictLines(trace, options), ...assumptions.flatMap((text) => entry('if', text, options))]
}

function verdictLines(
  { verdict, firstBrokenHop, nextFailures, intermittent, grades, missing }: PullTrace,
  options: RenderOptions,
): readonly string[] {
  switch (verdict) {
    case 'pass':
      return [sentence('can pull', 'pass', '', options), ...gradeLines(grades, options)]
    case 'fail': {
      const next =
        nextFailures.length === 0 ? '' : `, and once that is mended at ${nextFailures.map(({ hop }) => hop).join(', ')}`
      const where = intermittent.length === 0 ? '' : ` from ${intermittent.join(', ')}, though other subnets may work`
      return [sentence('cannot pull', 'fail', `${where}: breaks at ${firstBrokenHop}${next}`, options)]
    }
    case 'unknown':
      return [
        sentence('cannot tell', 'unknown', '', options),
        ...missing.flatMap((text) => entry('needs', text, options)),
      ]
    default:
      return verdict satisfies never
  }
}

function gradeLines(grades: PullTrace['grades'], options: RenderOptions): readonly string[] {
  return [
    ...(grades.privacy === undefined
      ? []
      : entry('privacy', `${grades.privacy} (${privacy[grades.privacy]})`, options)),
    ...(grades.leastPrivilege === undefined
      ? []
      : entry('rights', `${grades.leastPrivilege} (${leastPrivilege[grades.leastPrivilege]})`, options)),
  ]
}

function sentence(words: string, status: HopStatus, rest: string, options: RenderOptions): string {
  const text = `${paint(['bold', styles[status]], words, options)}${terminalText(rest)}`
  const lines = wrapAnsi(text, options.width - 2, { hard: true }).split('\n')
  return lines.map((line) => `  ${line}`).join('\n')
}

/** `  name     text`, wrapped below its text. */
function entry(name: string, text: string, options: RenderOptions): readonly string[] {
  const indent = 11
  const parts = wrappedLines(text, Math.max(30, options.width - indent))
  return parts.map((part, index) => `  ${paint('dim', (index === 0 ? name : '').padEnd(7), options)}  ${part}`)
}

function totals(traces: readonly PullTrace[], options: RenderOptions): string {
  const count = (wanted: PullTrace['verdict']) => traces.filter(({ verdict }) => verdict === wanted).length
  const text = `${traces.length} pulls: ${count('fail')} fail, ${count('unknown')} unknown, ${count('pass')} pass`
  return paint('bold', text, options)
}

function wrapped(text: string, { width }: RenderOptions): readonly string[] {
  return wrappedLines(text, Math.max(30, width - textColumn))
}

function paint(style: Style, text: string, { color }: RenderOptions): string {
  return color && text !== '' ? styleText(style, text, { validateStream: false }) : text
}
