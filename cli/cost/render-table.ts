import wrapAnsi from 'wrap-ansi'
import { aimPerAccount, type CostLine } from '../../shared/cost/cost.ts'
import type { Estate } from '../../shared/cost/estate.ts'
import type { Prices } from '../../shared/cost/prices.ts'
import { assumptionRows } from './assumptions.ts'
import type { Costed } from './request.ts'

/** How costs are drawn. */
export interface CostRendering {
  readonly width: number
  readonly verbose: boolean
}

/** Costs for a person: a row for each line of the bill, a column for each number of accounts. */
export function renderCosts(costs: readonly Costed[], { width, verbose }: CostRendering): string {
  const [first] = costs
  if (first === undefined) return ''
  const { deployment } = first
  const text = [
    heading(first),
    '',
    ...table(costs),
    '',
    ...aimLines(costs),
    ...(verbose ? ['', ...basis(deployment.estate), '', ...priceLines(deployment.prices)] : []),
  ]
  return `${text.map((line) => fitted(line, width)).join('\n')}\n`
}

function heading({ deployment: { regions, rules, securityHub, alarms } }: Costed): string {
  const hub = securityHub ? 'findings to Security Hub' : 'no Security Hub'
  return `US dollars a month; ${counted(regions, 'region')} of each account, ${counted(rules.length, 'rule')}, ${hub}, alarms: ${alarms}`
}

function table(costs: readonly Costed[]): readonly string[] {
  const names = (costs[0]?.cost.lines ?? []).map(({ service, what }) => `${service}: ${what}`)
  const head = costs.map(({ deployment: { accounts } }) => counted(accounts, 'account'))
  const lines = names.map((name, index) => ({ name, cells: costs.map(({ cost }) => dollars(cost.lines[index]?.usd)) }))
  const sums = [
    { name: 'together', cells: costs.map(({ cost }) => dollars(cost.total)) },
    { name: 'for each account', cells: costs.map(({ cost }) => dollars(cost.perAccount)) },
  ]
  const beside = [
    {
      name: 'once, to judge everything for the first time',
      cells: costs.map(({ cost }) => dollars(cost.firstPass.usd)),
    },
    {
      name: 'if these rules judged everything daily',
      cells: costs.map(({ cost }) => dollars(cost.dailyByTheseRules.usd)),
    },
    {
      name: 'if one rule each judged repositories, VPCs and roles daily',
      cells: costs.map(({ cost }) => dollars(cost.dailyByOneRulePerType.usd)),
    },
  ]
  const all = [...lines, ...sums, ...beside]
  const nameWidth = Math.max(...all.map(({ name }) => name.length))
  const cellWidth = Math.max(
    ...head.map(({ length }) => length),
    ...all.flatMap(({ cells }) => cells.map(({ length }) => length)),
  )
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(nameWidth)}  ${cells.map((cell) => cell.padStart(cellWidth)).join('  ')}`.trimEnd()
  const rule = row(
    '-'.repeat(nameWidth),
    head.map(() => '-'.repeat(cellWidth)),
  )
  const rows = (some: readonly { readonly name: string; readonly cells: readonly string[] }[]) =>
    some.map(({ name, cells }) => row(name, cells))
  return [row('', head), ...rows(lines), rule, ...rows(sums), '', ...rows(beside)]
}

function aimLines(costs: readonly Costed[]): readonly string[] {
  return costs.map(({ deployment: { accounts }, cost }) => {
    const verdict = cost.perAccount < aimPerAccount ? 'met' : 'not met'
    const [dearest] = largest(cost.lines)
    const why = dearest === undefined ? '' : `; most of it is ${dearest.service}: ${dearest.what}`
    return `${counted(accounts, 'account')}: the aim of less than $${aimPerAccount} for each account is ${verdict}${why}`
  })
}

function largest(lines: readonly CostLine[]): readonly CostLine[] {
  return [...lines].sort((a, b) => b.usd - a.usd)
}

function basis(estate: Estate): readonly string[] {
  return [
    'What it rests on:',
    ...assumptionRows(estate).map(
      ({ name, value, unit, source }) =>
        `  ${name}: ${[value, unit, `(${source})`].filter((part) => part !== '').join(' ')}`,
    ),
  ]
}

function priceLines(prices: Prices): readonly string[] {
  return [
    'Prices:',
    ...[...prices.values()].map(({ name, usd, unit, source, date, status }) => {
      const doubt = status === 'read' ? '' : `${status.toUpperCase()}, `
      return `  ${name}: $${plain(usd)} per ${unit} (${doubt}${source}, ${date})`
    }),
  ]
}

/** A number without an exponent. */
function plain(usd: number): string {
  return usd === 0 ? '0' : usd.toFixed(10).replace(/\.?0+$/, '')
}

function counted(number: number, name: string): string {
  return `${number.toLocaleString('en-US')} ${name}${number === 1 ? '' : 's'}`
}

/** Dollars with cents; what is less than a cent and not nothing says so. */
function dollars(usd: number | undefined): string {
  if (usd === undefined) return '-'
  if (usd > 0 && usd < 0.005) return '<0.01'
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

/** Rows of the table are not broken: their columns would not stand below each other. */
function fitted(line: string, width: number): string {
  if (!/^(?: {2}[a-z]|\d|US )/.test(line)) return line
  const indent = line.startsWith('  ') ? '    ' : '  '
  const [first = '', ...rest] = wrapAnsi(line, Math.max(width - 4, 36), { trim: false }).split('\n')
  return [first, ...rest.map((part) => indent + part.trim())].map((part) => part.trimEnd()).join('\n')
}
