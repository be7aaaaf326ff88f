import type { PullTrace } from '../../model/pull.ts'
import { clip } from '../../model/quote.ts'
import { field, paint, type TextOptions } from './table-text.ts'
import { terminalText } from './terminal-text.ts'

const mostShown = 20

/** What was traced, in numbers, and each workload that cannot pull with the hop it breaks at. Empty when nothing was traced. */
export function pullsBlock(pulls: readonly PullTrace[], options: TextOptions): string {
  if (pulls.length === 0) return ''
  const failing = pulls.filter(({ verdict }) => verdict === 'fail')
  // The add-ons of a node group fail alike: one entry for all.
  const alike = [
    ...Map.groupBy(failing, ({ workload, firstBrokenHop }) => `${firstBrokenHop} ${workload.arn}`).values(),
  ]
  const shown = alike.slice(0, mostShown)
  const more = failing.length - shown.flat().length
  return [
    `${paint('bold', 'Pulls', options)}  ${countsOf(pulls)}`,
    ...shown.map((traces) => failureBlock(traces, options)),
    ...(more > 0 ? [`    and ${more} more that fail: pullpath explain draws them all`] : []),
  ].join('\n')
}

function countsOf(pulls: readonly PullTrace[]): string {
  const count = (wanted: PullTrace['verdict']) => pulls.filter(({ verdict }) => verdict === wanted).length
  return `${pulls.length} traced: ${count('fail')} fail, ${count('unknown')} unknown, ${count('pass')} pass`
}

function failureBlock(traces: readonly PullTrace[], options: TextOptions): string {
  const [first] = traces
  if (first === undefined) return ''
  const { workload, hops, firstBrokenHop, nextFailures } = first
  const broken = hops.find(({ hop }) => hop === firstBrokenHop)
  const where = terminalText(`${workload.type}  ${workload.accountId} ${workload.region}`)
  const images = [...new Set(traces.map(({ image }) => image))]
  const next = nextFailures.map(({ hop }) => hop).join(', ')
  return [
    `    ${paint('red', 'fail', options)}  ${terminalText(workload.name)}  ${paint('dim', where, options)}`,
    ...images.map((image) => field('image', image === '' ? 'not known' : image, options)),
    field('hop', `${firstBrokenHop}: ${clip(broken?.reason ?? 'no reason given')}`, options),
    ...(next === '' ? [] : [field('next', next, options)]),
  ].join('\n')
}
