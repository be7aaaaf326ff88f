import type { Exception, ExceptionReview } from '../../model/exception.ts'
import { type ExceptedFinding, isExcepted } from '../../model/finding.ts'
import type { Report } from './report.ts'
import { field, paint, type TextOptions } from './table-text.ts'
import { terminalText } from './terminal-text.ts'

/** The failures that are accepted for now, and the exceptions that do not work or are not needed. Empty when there are neither. */
export function exceptionsBlock({ findings, exceptions = [] }: Report, options: TextOptions): string {
  const excepted = findings.filter(isExcepted)
  const idle = exceptions.filter(({ status }) => status !== 'active')
  if (excepted.length === 0 && idle.length === 0) return ''
  return [
    `${paint('bold', 'Exceptions', options)}  ${countsOf(excepted, idle)}`,
    ...excepted.map((finding) => findingBlock(finding, options)),
    ...idle.map((review) => idleBlock(review, options)),
  ].join('\n')
}

function countsOf(excepted: readonly ExceptedFinding[], idle: readonly ExceptionReview[]): string {
  const count = (wanted: ExceptionReview['status']) => idle.filter(({ status }) => status === wanted).length
  const parts = [
    `${excepted.length} ${excepted.length === 1 ? 'finding' : 'findings'} excepted`,
    ...(['expired', 'tooLong', 'unmatched'] as const).flatMap((status) =>
      count(status) === 0 ? [] : [`${count(status)} ${words[status]}`],
    ),
  ]
  return parts.join(', ')
}

const words = { expired: 'expired', tooLong: 'set for too long', unmatched: 'matching nothing' } as const

function findingBlock(finding: ExceptedFinding, options: TextOptions): string {
  const { resource, exception } = finding
  const where = terminalText(`${resource.type}  ${resource.accountId} ${resource.region}`)
  const rule = terminalText(`${finding.severity.padEnd(12)}  ${finding.rule}`)
  return [
    `    ${paint('cyan', rule, options)}  ${terminalText(resource.id)}  ${paint('dim', where, options)}`,
    field('what', finding.reason, options),
    field('why', exception.reason, options),
    field('until', `${exception.expires}, owner ${exception.owner}`, options),
  ].join('\n')
}

function idleBlock({ exception, status, failing }: ExceptionReview, options: TextOptions): string {
  const label = status === 'unmatched' ? 'UNMATCHED' : status === 'expired' ? 'EXPIRED' : 'TOO LONG'
  const color = status === 'unmatched' ? 'dim' : 'yellow'
  const effect =
    status === 'unmatched' ? [] : [field('what', `covers nothing; it names ${failuresOf(failing)}`, options)]
  return [
    `    ${paint(color, label.padEnd(12), options)}  ${terminalText(nameOf(exception))}`,
    ...effect,
    field('why', exception.reason, options),
    field('until', `${exception.expires}, owner ${exception.owner}`, options),
  ].join('\n')
}

function failuresOf(count: number): string {
  return count === 1 ? '1 finding that fails' : `${count} findings that fail`
}

function nameOf({ rule, resource, account, tag }: Exception): string {
  const selectors = [resource, account, tag && `tag ${tag.key}=${tag.value}`]
  return [rule, ...selectors.filter((selector) => selector !== undefined)].join('  ')
}
