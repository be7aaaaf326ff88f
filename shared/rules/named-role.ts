import type { Role } from '../inventory/iam.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Fact } from '../model/fact.ts'
import { clip } from '../model/quote.ts'
import type { ResourceRef } from '../model/resource.ts'
import { undetermined, type Verdict } from '../model/verdict.ts'
import { assumptionsOf, missing } from './missing.ts'

/** The role that a resource cannot do without: there, gone, or the verdict that says why it is not known. */
export type NamedRole =
  | { readonly kind: 'there'; readonly name: string; readonly role: Role; readonly assumptions: readonly string[] }
  | { readonly kind: 'gone'; readonly name: string; readonly assumptions: readonly string[] }
  | { readonly kind: 'open'; readonly verdict: Verdict }

/** Looks a role up by what the resource names; `what` is `node role`, `none` what to say when it names no role. */
export function namedRole(
  named: Fact<string>,
  { ref, what, none }: { readonly ref: ResourceRef; readonly what: string; readonly none: string },
  inventory: Inventory,
): NamedRole {
  if (named.state === 'unknown') return { kind: 'open', verdict: undetermined(missing(what, named)) }
  if (named.state === 'absent') {
    return { kind: 'open', verdict: undetermined({ reason: none, transience: 'lasting' }) }
  }
  const name = clip(named.value)
  const role = inventory.role(named.value, ref)
  if (role.state === 'unknown') return { kind: 'open', verdict: undetermined(missing(`role ${name}`, role)) }
  const assumptions = assumptionsOf(role)
  return role.state === 'absent'
    ? { kind: 'gone', name, assumptions }
    : { kind: 'there', name, role: role.value, assumptions }
}
