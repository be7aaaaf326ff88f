import type { GuardrailType } from '../../shared/inventory/organizations.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { type EstatePart, home, itemWith, listedIn, stated } from './estate.ts'

const types = [
  'AWS::Organizations::Organization',
  'AWS::Organizations::Account',
  'AWS::Organizations::OrganizationalUnit',
  'AWS::Organizations::Policy',
] as const

/** A guardrail of `organization`; an SCP unless `type` says otherwise. */
export interface GuardrailOptions {
  readonly name: string
  readonly type?: GuardrailType
  readonly content?: JsonValue
  /** Ids of the root (`r-1`), of units and accounts; undefined leaves them out. */
  readonly targets?: readonly string[]
}

/** The service control policy every organization starts with. */
export const fullAccess: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

/**
 * An organization, listed in full from its management account (`999999999999`). `accounts` and `ous` map an id to its parent;
 * by default home lies right under the root `r-1`. Without `policies`, FullAWSAccess is attached to everything.
 * The answer is a list: `[role(), ...organization()]`.
 */
export function organization(
  options: {
    readonly id?: string
    readonly management?: string
    readonly root?: string
    readonly ous?: Readonly<Record<string, string>>
    readonly accounts?: Readonly<Record<string, string | readonly string[]>>
    readonly policies?: readonly GuardrailOptions[]
  } = {},
): readonly EstatePart[] {
  const management = options.management ?? '999999999999'
  const root = options.root ?? 'r-1'
  const id = options.id ?? 'o-exampleorg1'
  const ous = options.ous ?? {}
  const accounts = { [management]: root, ...(options.accounts ?? { [home.accountId]: root }) }
  const everything = [root, ...Object.keys(ous), ...Object.keys(accounts)]
  const policies = options.policies ?? [{ name: 'FullAWSAccess', content: fullAccess, targets: everything }]
  const part = (type: (typeof types)[number], name: string, configuration: JsonObject) =>
    orgItem(type, management, `${id}/${name}`, name, configuration)
  return [
    ...listedIn({ accountId: management, region: 'global' }, ...types),
    part('AWS::Organizations::Organization', id, { Id: id, ManagementAccountId: management, RootId: root }),
    ...Object.entries(ous).map(([ou, parent]) =>
      part('AWS::Organizations::OrganizationalUnit', ou, { Id: ou, Name: ou, ParentId: parent }),
    ),
    ...Object.entries(accounts).map(([account, parents]) =>
      part('AWS::Organizations::Account', account, {
        AccountId: account,
        Status: 'ACTIVE',
        ParentIds: typeof parents === 'string' ? [parents] : parents,
      }),
    ),
    ...policies.map((one) => part('AWS::Organizations::Policy', `p-${one.name}`, policyProperties(one))),
  ]
}

function policyProperties({ name, type, content, targets }: GuardrailOptions): JsonObject {
  return stated({
    Id: `p-${name}`,
    Name: name,
    Type: type ?? 'SERVICE_CONTROL_POLICY',
    Content: content,
    TargetIds: targets,
  })
}

function orgItem(
  type: string,
  management: string,
  resource: string,
  id: string,
  configuration: JsonObject,
): EstatePart {
  const kind = type.slice(type.lastIndexOf(':') + 1).toLowerCase()
  const ARN = `arn:aws:organizations::${management}:${kind}/${resource}`
  return itemWith({
    awsAccountId: management,
    awsRegion: 'global',
    resourceType: type,
    resourceId: id,
    resourceName: id,
    ARN,
    configuration,
  })
}
