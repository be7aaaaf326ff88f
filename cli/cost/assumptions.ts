import { type Estate, rateRows, resourceRows } from '../../shared/cost/estate.ts'
import { runtime } from '../../shared/cost/runtime.ts'

/** A number an estimate rests on, as it is shown. */
export interface AssumptionRow {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** `stated` when the user gave it. */
  readonly source: string
}

/** Every number an estimate rests on, besides prices. */
export function assumptionRows({ counts, changed, rates }: Estate): readonly AssumptionRow[] {
  return [
    ...resourceRows.flatMap((row) => {
      const each = 'perAccount' in row ? 'in each account' : 'in each account and region'
      return [
        sourced(row.name, counts.get(row.name), row.value, each, row.source),
        sourced(
          `${row.name} changed`,
          changed.get(row.name),
          row.changed,
          '% a month',
          changeSource(row.name, row.source),
        ),
      ]
    }),
    ...rateRows.map(({ name, value, unit, source }) => sourced(name, rates.get(name), value, unit, source)),
    ...Object.entries(runtime).map(([name, value]) => ({
      name: words(name),
      value,
      unit: '',
      source: 'of the functions; assumed',
    })),
  ]
}

/** Only of these two the estate says how often they change. */
function changeSource(name: string, source: string): string {
  return name === 'repositories' || name === 'roles' ? source : 'assumed'
}

function sourced(
  name: string,
  value: number | undefined,
  byDefault: number,
  unit: string,
  source: string,
): AssumptionRow {
  const stated = value ?? 0
  return { name, value: stated, unit, source: stated === byDefault ? source : 'stated' }
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
