import { type CfnCondition, CfnParameter, Fn, type Stack } from 'aws-cdk-lib'
import type { Area } from '../../shared/live/function-names.ts'
import type { ConfigRuleDefinition } from '../derive/config-rules.ts'
import type { Conditions } from './conditions.ts'

/** What the rules of a deployment depend on besides the parameters of their areas. */
export interface RuleSetsProps {
  readonly conditions: Conditions
  readonly inHomeRegion: () => CfnCondition
}

const titles: Readonly<Record<Area, string>> = {
  ecr: 'repositories and registries',
  role: 'roles that pull and push images',
  vpc: 'the ways images take into VPCs',
  image: 'the images that services run',
}

const first = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Which rules of each area a deployment has, as its parameters say. */
export class RuleSets {
  /** Of the variable `PULLPATH_RULE_SETS`, a token: `ecr=recommended,role=all`. */
  readonly text: string
  readonly #props: RuleSetsProps
  readonly #chosen: ReadonlyMap<Area, CfnParameter>

  constructor(scope: Stack, areas: readonly Area[], props: RuleSetsProps) {
    this.#props = props
    this.#chosen = new Map(areas.map((area) => [area, parameterOf(scope, area)]))
    const parts = [...this.#chosen].map(([area, parameter]) => `${area}=${parameter.valueAsString}`)
    this.text = parts.join(',')
  }

  /** Where the area has any rules. */
  judges(area: Area): CfnCondition {
    return this.#where(area, 'recommended')
  }

  /** Where a rule exists. */
  has({ area, set, homeRegionOnly }: Pick<ConfigRuleDefinition, 'area' | 'set' | 'homeRegionOnly'>): CfnCondition {
    const chosen = this.#where(area, set)
    if (!homeRegionOnly) return chosen
    const { conditions, inHomeRegion } = this.#props
    return conditions(`${chosen.node.id}AtHome`, () => Fn.conditionAnd(chosen, inHomeRegion()))
  }

  #where(area: Area, set: ConfigRuleDefinition['set']): CfnCondition {
    const parameter = this.#chosen.get(area)
    if (parameter === undefined) throw new Error(`no parameter says which rules of area ${area} there are`)
    const { conditions } = this.#props
    const equals = (value: string) => Fn.conditionEquals(parameter.valueAsString, value)
    return conditions(`Has${first(set)}${first(area)}Rules`, () =>
      set === 'all' ? equals('all') : Fn.conditionNot(equals('none')),
    )
  }
}

function parameterOf(scope: Stack, area: Area): CfnParameter {
  return new CfnParameter(scope, `${first(area)}Rules`, {
    default: 'recommended',
    allowedValues: ['recommended', 'all', 'none'],
    description: `AWS Config rules on ${titles[area]}: those that are on by default, all, or none. Settings switch single ones off.`,
  })
}
