import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import type { ReachPath, ReachVerdict } from '../../shared/network/types.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import { wrappedLines } from '../../shared/sinks/report/wrapped-text.ts'
import { type Answer, type Leg, verdictsBySubnet } from './answer.ts'

/** How the answer is drawn. */
export interface RenderOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
}

const wayNames: Record<ReachPath['kind'], string> = {
  privateEndpoint: 'VPC endpoint',
  gatewayEndpoint: 'gateway endpoint',
  centralEndpoint: 'central endpoint',
  natGateway: 'NAT gateway',
  internetGateway: 'internet gateway',
  other: 'way',
}

const stepNames: Record<ReachPath['steps'][number]['step'], string> = {
  dns: 'name',
  route: 'route',
  endpoint: 'endpoint',
  nat: 'NAT gateway',
  gateway: 'gateway',
  blockPublicAccess: 'public access',
  sourceSecurityGroup: 'own groups',
  sourceNetworkAcl: 'own ACL',
  targetSecurityGroup: 'far groups',
  targetNetworkAcl: 'far ACL',
  policy: 'policy',
}

const marks: Record<ReachVerdict, string> = { reachable: 'ok', blocked: 'blocked', unknown: '?' }
const verdictWords: Record<ReachVerdict, string> = { reachable: 'reachable', blocked: 'blocked', unknown: 'unknown' }
const colors = { reachable: 'green', blocked: 'red', unknown: 'magenta' } as const

/** The answer for a person: host by host and subnet by subnet, every way hop by hop, what blocks it and the fix. */
export function renderAnswer(answer: Answer, options: RenderOptions): string {
  const { origin, target, verdict, legs } = answer
  const state = paint(colors[verdict], verdictWords[verdict], options)
  const head = line(`${terminalText(origin.name)} to ${terminalText(target)}: ${state}`, options)
  const open = origin.unplaced.map((reason) => field(2, 'missing', reason, options))
  const hosts = [...Map.groupBy(legs, ({ reach }) => reach.destination.host)]
  const blocks = hosts.map(([host, ofHost]) => hostBlock(host, ofHost, options))
  return [[head, ...disagreement(answer, options), ...open].join('\n'), ...blocks].join('\n\n').concat('\n')
}

/** A scheduler may pick any subnet: when they differ, the odd ones are named first. */
function disagreement(answer: Answer, options: RenderOptions): readonly string[] {
  const verdicts = [...verdictsBySubnet(answer)]
  if (new Set(verdicts.map(([, verdict]) => verdict)).size < 2) return []
  const named = verdicts.map(([id, verdict]) => `${id} ${verdictWords[verdict]}`).join(', ')
  return [field(2, 'differs', `by subnet: ${named}`, options)]
}

function hostBlock(host: string, legs: readonly Leg[], options: RenderOptions): string {
  const heading = line(paint('bold', terminalText(host), options), options)
  return [heading, ...legs.flatMap((leg) => legLines(leg, options))].join('\n')
}

function legLines({ reach, subnetId, fix }: Leg, options: RenderOptions): readonly string[] {
  const state = paint(colors[reach.verdict], verdictWords[reach.verdict], options)
  return [
    line(`  from ${terminalText(subnetId)}: ${state}`, options),
    ...reach.paths.flatMap((path) => pathLines(path, options)),
    ...reach.shadowed.map((text) => field(4, 'shadowed', text, options)),
    ...(reach.verdict === 'unknown' ? reach.missing.map((text) => field(4, 'missing', text, options)) : []),
    ...reach.assumptions.map((text) => field(4, 'if', text, options)),
    ...(fix === undefined ? [] : [field(4, 'fix', fix, options)]),
  ]
}

function pathLines(path: ReachPath, options: RenderOptions): readonly string[] {
  const state = paint(colors[path.verdict], verdictWords[path.verdict], options)
  const steps = path.steps.map(({ verdict, step, reason }) =>
    field(6, marks[verdict], `${stepNames[step]}: ${reason}`, options, colors[verdict]),
  )
  return [line(`    ${wayNames[path.kind]} ${terminalText(path.via)}: ${state}`, options), ...steps]
}

/** `name  text`, wrapped and indented below its name; text from files is made safe first. */
function field(
  margin: number,
  name: string,
  text: string,
  options: RenderOptions,
  color: Parameters<typeof styleText>[0] = 'dim',
): string {
  const indent = margin + 10
  const body = wrappedLines(text, Math.max(30, options.width - indent)).join(`\n${' '.repeat(indent)}`)
  return `${' '.repeat(margin)}${paint(color, name.padEnd(8), options)}  ${body}`
}

/** A line of safe text within the width of the terminal. */
function line(text: string, { width }: RenderOptions): string {
  return wrapAnsi(text, width, { hard: true, trim: false })
}

function paint(format: Parameters<typeof styleText>[0], text: string, { color }: RenderOptions): string {
  return color ? styleText(format, text, { validateStream: false }) : text
}
