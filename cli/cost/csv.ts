import { priceOf } from '../../shared/cost/prices.ts'
import type { Costed } from './request.ts'

const columns = [
  'accounts',
  'regions',
  'service',
  'what',
  'quantity',
  'unit',
  'usd',
  'price',
  'price_status',
  'price_source',
]

/** Costs as CSV (RFC 4180): a row for each line of each bill. */
export function csvOf(costs: readonly Costed[]): string {
  const rows = costs.flatMap(({ deployment: { accounts, regions, prices }, cost }) =>
    cost.lines.map(({ service, what, quantity, unit, usd, price }) => {
      const { usd: each, status, source } = priceOf(prices, price)
      return [accounts, regions, service, what, quantity, unit, usd, each, status, source]
    }),
  )
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(value: string | number): string {
  const text = typeof value === 'number' ? plain(value) : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Without what adding up binary fractions leaves behind (`503.6399999999999`), and without an exponent. */
function plain(value: number): string {
  const text = String(Number(value.toPrecision(12)))
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text
}
