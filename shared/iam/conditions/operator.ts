import { arnOperators } from './arn.ts'
import { boolOperators } from './bool.ts'
import { dateOperators } from './date.ts'
import type { OperatorDefinition } from './family.ts'
import { ipAddressOperators } from './ip-address.ts'
import { numericOperators } from './numeric.ts'
import { stringOperators } from './string.ts'

const definitions: ReadonlyMap<string, OperatorDefinition> = new Map(
  [stringOperators, numericOperators, dateOperators, boolOperators, ipAddressOperators, arnOperators].flatMap(
    (family) => [...family],
  ),
)

/** A condition operator taken apart. `null` tests presence; every other kind has a definition. */
export interface Operator {
  readonly name: string
  readonly definition: OperatorDefinition | 'null'
  readonly ifExists: boolean
  readonly set: 'all' | 'any' | undefined
}

/** Reads `ForAnyValue:StringLikeIfExists`; undefined for an operator nobody has told us of. */
export function parseOperator(written: string): Operator | undefined {
  const lower = written.toLowerCase()
  const set = lower.startsWith('forallvalues:') ? 'all' : lower.startsWith('foranyvalue:') ? 'any' : undefined
  const bare = set === undefined ? lower : lower.slice(lower.indexOf(':') + 1)
  const ifExists = bare.endsWith('ifexists')
  const name = ifExists ? bare.slice(0, -'ifexists'.length) : bare
  // Whether a key is there does not depend on whether it is there: AWS has no NullIfExists.
  if (name === 'null' && ifExists) return undefined
  const definition = name === 'null' ? 'null' : definitions.get(name)
  return definition === undefined ? undefined : { name, definition, ifExists, set }
}
