import { ask, differing } from './ask-resources.ts'
import type { CreatedResource, Place } from './cloudformation.ts'
import { leftOutByMoto, lostByMoto } from './moto-templates.ts'
import { servicesOf } from './services.ts'
import { ofType, resourcesOf, type Stack, type TemplateResource } from './stack-values.ts'

/** What was found of a stack. */
export interface Comparison {
  /** Types of which services have every resource that the stack should have. */
  readonly created: ReadonlySet<string>
  /** Types of which they have none. */
  readonly leftOut: ReadonlySet<string>
  /** Logical ids of resources that are not there although others of their type are. */
  readonly missing: readonly string[]
  /** By type, the properties that a service says otherwise than the template, of any of its resources. */
  readonly lost: Readonly<Record<string, readonly string[]>>
  /** What services say, by logical id. */
  readonly found: ReadonlyMap<string, Readonly<Record<string, unknown>> | undefined>
}

/** Asks the services about every resource of a stack. */
export async function compareStack(place: Place, stack: Stack): Promise<Comparison> {
  const services = servicesOf(place)
  const resources = withAttachedPolicies(stack)
  const found = new Map<string, Readonly<Record<string, unknown>> | undefined>()
  for (const [id, { Type, Properties }] of resources) {
    found.set(id, await ask(Type, { place, services, physicalId: stack.physical.get(id), properties: Properties }))
  }
  const idsOf = (type: string) => [...resources].filter(([, { Type }]) => Type === type).map(([id]) => id)
  const types = [...new Set([...resources.values()].map(({ Type }) => Type))]
  const leftOut = types.filter((type) => idsOf(type).every((id) => found.get(id) === undefined))
  const missing = [...found].filter(([, one]) => one === undefined).map(([id]) => id)
  const lost = new Map<string, Set<string>>()
  for (const [id, one] of found) {
    const { Type, Properties } = resources.get(id)!
    const names = one === undefined ? [] : differing(Properties, one)
    if (names.length > 0) lost.set(Type, new Set([...(lost.get(Type) ?? []), ...names]))
  }
  return {
    created: new Set(types.filter((type) => !leftOut.includes(type))),
    leftOut: new Set(leftOut),
    missing: missing.filter((id) => !leftOut.includes(resources.get(id)!.Type)),
    lost: Object.fromEntries([...lost].sort().map(([type, names]) => [type, [...names].sort()])),
    found,
  }
}

/** Roles with the policies that other resources of the stack attach to them: a role has these and no others. */
function withAttachedPolicies(stack: Stack): ReadonlyMap<string, TemplateResource> {
  const resources = resourcesOf(stack)
  const policies = [...resources.values()].filter(({ Type }) => Type === 'AWS::IAM::Policy')
  const withPolicies = (id: string, role: TemplateResource): TemplateResource => {
    const attached = policies.filter(({ Properties }) => Properties.Roles.includes(stack.physical.get(id)))
    const all = [...(role.Properties.Policies ?? []), ...attached.map(({ Properties }) => named(Properties))]
    return { ...role, Properties: { ...role.Properties, Policies: all.sort(byName) } }
  }
  return new Map([...resources].map(([id, one]) => [id, one.Type === 'AWS::IAM::Role' ? withPolicies(id, one) : one]))
}

interface InlinePolicy {
  readonly PolicyName: string
  readonly PolicyDocument: unknown
}

const named = ({ PolicyName, PolicyDocument }: InlinePolicy): InlinePolicy => ({ PolicyName, PolicyDocument })
const byName = (a: InlinePolicy, b: InlinePolicy) => (a.PolicyName < b.PolicyName ? -1 : 1)

/** What moto should have of a stack, by what is known of moto. */
export function expectedOf(stack: Stack): Pick<Comparison, 'created' | 'leftOut' | 'missing' | 'lost'> {
  const types = [...resourcesOf(stack).values()].map(({ Type }) => Type)
  const lost = Object.entries(lostByMoto).map(([type, said]): [string, readonly string[]] => {
    const names = ofType(stack, type).flatMap((properties) => differing(properties, { ...properties, ...said }))
    return [type, [...new Set(names)].sort()]
  })
  return {
    created: new Set(types.filter((type) => !leftOutByMoto.has(type))),
    leftOut: new Set(types.filter((type) => leftOutByMoto.has(type))),
    missing: [],
    lost: Object.fromEntries(lost.filter(([, names]) => names.length > 0)),
  }
}

/** What `Ref` gives for what a stack says to have created. */
export function physicalIds(created: readonly CreatedResource[]): ReadonlyMap<string, string> {
  return new Map(created.map(({ logicalId, physicalId }) => [logicalId, physicalId]))
}
