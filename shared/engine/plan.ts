import { InputError } from '../model/errors.ts'
import type { Settings } from '../model/settings.ts'
import { judgedTypes, type Rule } from '../rules/define-rule.ts'

/** Facts about who is ours; wanted whatever the rules. */
const organizationTypes = ['AWS::Organizations::Organization', 'AWS::Organizations::Account'] as const
const guardrailType = 'AWS::Organizations::Policy'
/** Without the units above an account nobody can tell which guardrails bind it. */
const unitType = 'AWS::Organizations::OrganizationalUnit'
const routeTableType = 'AWS::EC2::RouteTable'
/** What routes may lead to. Taken where files hold it and missed by nobody: a way over an unseen one stays unknown. */
const jointTypes = [
  'AWS::EC2::TransitGatewayAttachment',
  'AWS::EC2::TransitGatewayRouteTable',
  'AWS::EC2::TransitGatewayVpcAttachment',
  'AWS::EC2::VPCPeeringConnection',
] as const

/**
 * The rules to run: the named ones when any are named (even those off by default), else every enabled one.
 * @throws InputError for an id that is not in the catalogue
 */
export function selectRules(
  catalogue: readonly Rule[],
  settings: Settings,
  named: readonly string[] = [],
): readonly Rule[] {
  if (named.length === 0) {
    return catalogue.filter((rule) => settings.rules.get(rule.id)?.enabled ?? rule.defaultEnabled)
  }
  const byId = new Map(catalogue.map((rule) => [rule.id, rule]))
  return [...new Set(named)].map((id) => {
    const rule = byId.get(id)
    if (rule === undefined)
      throw new InputError(`--rule: unknown rule id "${id}"; "pullpath rules list" names them all`)
    return rule
  })
}

/** Types the rules judge or read, without the account itself: the rows of the coverage ledger. */
export function typesOf(rules: readonly Rule[]): readonly string[] {
  const types = new Set(rules.flatMap((rule) => [...judgedTypes(rule), ...rule.reads]))
  types.delete('AWS::::Account')
  return [...types].sort()
}

/** Types a source must deliver for the rules: theirs and those that say who is ours. */
export function wantedTypes(rules: readonly Rule[]): ReadonlySet<string> {
  const types = typesOf(rules)
  const units = types.includes(guardrailType) ? [unitType] : []
  const joints = types.includes(routeTableType) ? jointTypes : []
  const taken = rules.flatMap(({ takes = [] }) => takes)
  return new Set([...types, ...organizationTypes, ...units, ...joints, ...taken])
}
