import { absent, type Fact, known, unknown } from '../model/fact.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Inventory } from './inventory.ts'
import type { Guardrail, GuardrailType } from './organizations.ts'
import { policySource } from './policy-source.ts'
import { enumProperty, property, stringListProperty, stringProperty } from './property.ts'
import { globalRegion } from './recordable-types.ts'

const policyType = 'AWS::Organizations::Policy'

/** Guardrails of one type by the id of the root, unit or account they are attached to. */
type Attached = ReadonlyMap<string, readonly Guardrail[]>

/**
 * All guardrails of a type with their targets. Absent when the listing of policies is complete and has none of the type:
 * the organization does not use it. `managers` are the management accounts, whose listing is the one that counts.
 */
export function guardrailsOf(
  inventory: Pick<Inventory, 'items' | 'listing' | 'coverage'>,
  managers: readonly string[],
): (type: GuardrailType) => Fact<Attached> {
  const made = new Map<GuardrailType, Fact<Attached>>()
  return (type) => {
    const attached = made.get(type) ?? attachedOf(inventory, managers, type)
    made.set(type, attached)
    return attached
  }
}

function attachedOf(
  inventory: Pick<Inventory, 'items' | 'listing' | 'coverage'>,
  managers: readonly string[],
  type: GuardrailType,
): Fact<Attached> {
  const listed = policyListing(inventory, managers)
  if (listed.state === 'unknown') return listed
  const policies = inventory.items(policyType)
  const untyped = policies.find((item) => typeOf(item) === undefined)
  if (untyped) return unknown(`the type of the organization policy ${untyped.resourceId} is missing`)
  const ofType = policies.filter((item) => typeOf(item) === type)
  return ofType.length === 0 ? absent(listed.assumptions) : byTarget(ofType, listed.assumptions)
}

/** Whether somebody listed the policies: the management account when it was looked at, else whoever could. */
function policyListing(
  { items, listing, coverage }: Pick<Inventory, 'items' | 'listing' | 'coverage'>,
  managers: readonly string[],
): Fact<unknown> {
  const stated = coverage.filter((row) => row.resourceType === policyType)
  const readers = new Set([...items(policyType), ...stated].map((one) => one.accountId))
  if (readers.size === 0) return unknown(`no ${policyType} item was read`)
  const preferred = managers.filter((accountId) => readers.has(accountId))
  const facts = [...(preferred.length > 0 ? preferred : readers)].map((accountId) =>
    listing(policyType, { accountId, region: globalRegion }),
  )
  const open = facts.find((fact) => fact.state === 'unknown')
  // A member account cannot list policies: where the management account was not looked at, one complete listing is enough.
  if (preferred.length > 0 && open) return open
  const complete = facts.find((fact) => fact.state === 'known') ?? facts.find((fact) => fact.state === 'absent')
  return complete ?? unknown(`no ${policyType} item was read`)
}

function typeOf({ configuration }: ConfigurationItem): string | undefined {
  return enumProperty(configuration, 'Type')
}

function byTarget(policies: readonly ConfigurationItem[], assumptions: readonly string[]): Fact<Attached> {
  const attached = new Map<string, Guardrail[]>()
  for (const item of policies) {
    const targets = stringListProperty(item.configuration, 'TargetIds')
    if (targets === undefined) return unknown(`the targets of the organization policy ${idOf(item)} are missing`)
    const guardrail = guardrailOf(item)
    for (const target of targets) {
      const there = attached.get(target) ?? []
      // The same policy may have been read from the management account and from a delegated administrator.
      if (!there.some((one) => one.id === guardrail.id)) attached.set(target, [...there, guardrail])
    }
  }
  return known(attached, assumptions)
}

function guardrailOf(item: ConfigurationItem): Guardrail {
  const id = idOf(item)
  const content = property(item.configuration, 'Content')
  const where = `the organization policy ${id}`
  return {
    id,
    name: stringProperty(item.configuration, 'Name') ?? id,
    content: content === undefined ? unknown(`${where} has no content`) : policySource(content, where),
  }
}

function idOf({ configuration, resourceId }: ConfigurationItem): string {
  return stringProperty(configuration, 'Id') ?? resourceId
}
