import { InvalidArgumentError } from 'commander'
import type { Cost } from '../../shared/cost/cost.ts'
import { type AlarmLevel, type Deployment, type RuleSet, ruleSets, rulesOf } from '../../shared/cost/deployment.ts'
import {
  defaultEstate,
  type Estate,
  type RateName,
  type ResourceName,
  rateRows,
  resourceRows,
} from '../../shared/cost/estate.ts'
import { listPrices, withOwnPrices } from '../../shared/cost/prices.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { Settings } from '../../shared/model/settings.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { rules } from '../../shared/rules/index.ts'

/** The options of `pullpath cost`. */
export interface CostOptions {
  readonly accounts: readonly number[]
  readonly regions: readonly number[]
  readonly settings?: string
  readonly ruleSets?: ReadonlyMap<RuleMeta['area'], RuleSet>
  readonly count?: ReadonlyMap<string, number>
  readonly changed?: ReadonlyMap<string, number>
  readonly rate?: ReadonlyMap<string, number>
  readonly price?: ReadonlyMap<string, number>
  readonly alarms: AlarmLevel
  readonly securityHub: boolean
  readonly hub: boolean
  readonly format: 'table' | 'json' | 'csv'
  readonly verbose: boolean
}

/** A deployment and its bill. */
export interface Costed {
  readonly deployment: Deployment
  readonly cost: Cost
}

/** The names that `--count`, `--changed` and `--rate` take. */
export const namesHelp = [
  'Names of --count and --changed, with their defaults:',
  ...resourceRows.map((row) => {
    const each = 'perAccount' in row ? 'in each account' : 'in each region'
    return `  ${row.name.padEnd(20)}${String(row.value).padStart(4)} ${each}, ${row.changed} % changed a month`
  }),
  '',
  'Names of --rate, with their defaults:',
  ...rateRows.map(({ name, value, unit }) => `  ${name.padEnd(20)}${String(value).padStart(4)} ${unit}`),
  '',
  'Names of --price: see --verbose.',
].join('\n')

/**
 * What is asked for, once for each number of accounts.
 * @throws InputError naming the option
 */
export function deploymentsOf(options: CostOptions, settings: Settings): readonly Deployment[] {
  const { alarms, securityHub, hub } = options
  const [regions = 1, ...more] = options.regions
  if (more.length > 0) throw new InputError('--regions: expected one number')
  const shared = {
    ...{ regions, alarms, securityHub, hub, estate: estateOf(options) },
    rules: rulesOf(rules, options.ruleSets ?? new Map(), ({ id }) => settings.rules.get(id)?.enabled),
    prices: withOwnPrices(listPrices, options.price ?? new Map()),
  }
  return options.accounts.map((accounts) => ({ accounts, ...shared }))
}

function estateOf({ count, changed, rate }: CostOptions): Estate {
  const resources = resourceRows.map(({ name }) => name)
  return {
    counts: overlaid<ResourceName>('--count', defaultEstate.counts, count, resources),
    changed: overlaid<ResourceName>('--changed', defaultEstate.changed, changed, resources),
    rates: overlaid<RateName>(
      '--rate',
      defaultEstate.rates,
      rate,
      rateRows.map(({ name }) => name),
    ),
  }
}

function overlaid<N extends string>(
  option: string,
  defaults: ReadonlyMap<N, number>,
  own: ReadonlyMap<string, number> | undefined,
  known: readonly N[],
): ReadonlyMap<N, number> {
  const merged = new Map(defaults)
  for (const [name, value] of own ?? []) {
    const found = known.find((one) => one === name)
    if (found === undefined) throw new InputError(`${option}: unknown name "${name}"; known: ${known.join(', ')}`)
    if (isShare(option, found) && value > 100) throw new InputError(`${option}: ${found}: expected at most 100 percent`)
    merged.set(found, value)
  }
  return merged
}

/** Of these rates a hundred percent is all there is; what changes in a month may change several times. */
function isShare(option: string, name: string): boolean {
  return option === '--rate' && rateRows.some((row) => row.name === name && row.unit.startsWith('percent of'))
}

/** Parses `10` or `10,100`: whole numbers from 1 to `most`. */
export function wholeNumbers(most: number): (value: string) => readonly number[] {
  return (value) =>
    value.split(',').map((part) => {
      const number = Number(part)
      if (!/^\d{1,9}$/.test(part) || number < 1 || number > most) {
        throw new InvalidArgumentError(`expected whole numbers from 1 to ${most}.`)
      }
      return number
    })
}

/** Parses `name=number`, several times. */
export function named(value: string, previous: ReadonlyMap<string, number> = new Map()): ReadonlyMap<string, number> {
  const [name = '', text = ''] = value.split('=')
  const number = Number(text)
  // Beyond a billion nothing is an estate.
  if (!/^[a-z0-9-]+=\d{1,10}(?:\.\d{1,12})?$/.test(value) || number > 1e9) {
    throw new InvalidArgumentError('expected name=number, the number from 0 to 1,000,000,000.')
  }
  return new Map(previous).set(name, number)
}

/** Parses `ecr=all,image=none`. */
export function ruleSetOption(value: string): ReadonlyMap<RuleMeta['area'], RuleSet> {
  return new Map(
    value.split(',').map((part): [RuleMeta['area'], RuleSet] => {
      const [name, text, ...more] = part.split('=')
      const area = areas.find((one) => one === name)
      const set = ruleSets.find((one) => one === text)
      if (area === undefined || set === undefined || more.length > 0) {
        throw new InvalidArgumentError(`expected ${areas.join(', ')}, each with = and ${ruleSets.join(', ')}.`)
      }
      return [area, set]
    }),
  )
}

const areas: readonly RuleMeta['area'][] = ['ecr', 'role', 'vpc', 'image']
