// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { Refusal } from './refusal.ts'

/** An account, unit or policy of the fake organization. `page` entries are handed over at a time, 20 at most. */
export interface FakeOrganization {
  id: string
  management: string
  /** The account that calls. */
  caller: string
  readonly delegated: Set<string>
  root: string
  policyTypes: { Type: string; Status: string }[]
  readonly units: { id: string; parent: string; name?: string }[]
  readonly accounts: { id: string; parent: string; name?: string; state?: string; status?: string }[]
  readonly policies: {
    id: string
    type?: string
    name?: string
    content: string
    targets: string[]
    awsManaged?: boolean
  }[]
  page: number
  /** Every listing begins with a page that has a token and nothing else, which AWS documents. */
  emptyFirstPage: boolean
}

/** An organization whose root holds its management account alone and FullAWSAccess. */
export function fakeOrganization(management = '999999999999'): FakeOrganization {
  return {
    id: 'o-exampleorg1',
    management,
    caller: management,
    delegated: new Set(),
    root: 'r-1abc',
    policyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
    units: [],
    accounts: [{ id: management, parent: 'r-1abc', name: 'management' }],
    policies: [{ id: 'p-FullAWSAccess', name: 'FullAWSAccess', content: fullAccess, targets: [], awsManaged: true }],
    page: 20,
    emptyFirstPage: false,
  }
}

const fullAccess = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})

/** AWS Organizations of one organization; undefined: the account is in none. */
export function organizationsService(
  organization: FakeOrganization | undefined,
): (operation: string, body: any) => unknown {
  return (operation, body) => {
    if (organization === undefined) throw new Refusal('AWSOrganizationsNotInUseException')
    if (operation !== 'DescribeOrganization') admit(organization)
    switch (operation) {
      case 'DescribeOrganization':
        return { Organization: described(organization) }
      case 'ListRoots':
        return listed('Roots', [rootOf(organization)], organization, body)
      case 'ListOrganizationalUnitsForParent':
        return listed('OrganizationalUnits', unitsUnder(organization, body.ParentId), organization, body)
      case 'ListAccountsForParent':
        return listed('Accounts', accountsUnder(organization, body.ParentId), organization, body)
      case 'ListPolicies':
        return listed('Policies', policiesOf(organization, body.Filter), organization, body)
      case 'DescribePolicy': {
        const policy = policyOf(organization, body.PolicyId)
        return { Policy: { PolicySummary: summary(organization, policy), Content: policy.content } }
      }
      case 'ListTargetsForPolicy':
        return listed('Targets', targetsOf(organization, body.PolicyId), organization, body)
      default:
        throw new Refusal('UnknownOperationException')
    }
  }
}

function admit({ caller, management, delegated }: FakeOrganization): void {
  if (caller !== management && !delegated.has(caller)) {
    throw new Refusal('AccessDeniedException', 400, "You don't have permissions to access this resource.")
  }
}

function arnOf({ management, id }: FakeOrganization, kind: string, own: string): string {
  return `arn:aws:organizations::${management}:${kind}/${id}/${own}`
}

function described({ id, management }: FakeOrganization) {
  return {
    Id: id,
    Arn: `arn:aws:organizations::${management}:organization/${id}`,
    FeatureSet: 'ALL',
    MasterAccountId: management,
    MasterAccountArn: `arn:aws:organizations::${management}:account/${id}/${management}`,
    MasterAccountEmail: 'management@example.com',
    AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
  }
}

function rootOf(organization: FakeOrganization) {
  const { root, policyTypes } = organization
  return { Id: root, Arn: arnOf(organization, 'root', root), Name: 'Root', PolicyTypes: policyTypes }
}

function needParent({ root, units }: FakeOrganization, id: unknown): void {
  if (id !== root && !units.some((unit) => unit.id === id)) throw new Refusal('ParentNotFoundException')
}

function unitsUnder(organization: FakeOrganization, parent: unknown) {
  needParent(organization, parent)
  return organization.units
    .filter((unit) => unit.parent === parent)
    .map(({ id, name }) => ({ Id: id, Arn: arnOf(organization, 'ou', id), Name: name ?? id }))
}

function accountsUnder(organization: FakeOrganization, parent: unknown) {
  needParent(organization, parent)
  return organization.accounts
    .filter((account) => account.parent === parent)
    .map(({ id, name, state, status }) => ({
      Id: id,
      Arn: arnOf(organization, 'account', id),
      Email: `${id}@example.com`,
      Name: name ?? `account ${id}`,
      ...(status === undefined ? { State: state ?? 'ACTIVE' } : { Status: status }),
      JoinedMethod: 'CREATED',
      JoinedTimestamp: 1_700_000_000,
    }))
}

function summary(organization: FakeOrganization, policy: FakeOrganization['policies'][number]) {
  const { id, type = 'SERVICE_CONTROL_POLICY', name = id, awsManaged = false } = policy
  const kind = type.toLowerCase()
  const Arn = awsManaged
    ? `arn:aws:organizations::aws:policy/${kind}/${id}`
    : arnOf(organization, 'policy', `${kind}/${id}`)
  return { Id: id, Arn, Name: name, Description: '', Type: type, AwsManaged: awsManaged }
}

function policiesOf(organization: FakeOrganization, filter: unknown) {
  if (filter === undefined) throw new Refusal('InvalidInputException')
  return organization.policies.map((policy) => summary(organization, policy)).filter(({ Type }) => Type === filter)
}

function policyOf({ policies }: FakeOrganization, id: unknown) {
  const policy = policies.find((one) => one.id === id)
  if (policy === undefined) throw new Refusal('PolicyNotFoundException')
  return policy
}

function targetsOf(organization: FakeOrganization, id: unknown) {
  const { targets, awsManaged } = policyOf(organization, id)
  const { root, units, accounts } = organization
  // AWS attaches its own policy to everything.
  const all = awsManaged ? [root, ...[...units, ...accounts].map((one) => one.id)] : targets
  return all.map((TargetId) => ({ TargetId, Name: TargetId, Type: kindOf(TargetId) }))
}

function kindOf(id: string): string {
  if (id.startsWith('r-')) return 'ROOT'
  return id.startsWith('ou-') ? 'ORGANIZATIONAL_UNIT' : 'ACCOUNT'
}

function listed(name: string, all: readonly unknown[], { page, emptyFirstPage }: FakeOrganization, body: any) {
  const limit = body.MaxResults ?? 20
  if (!Number.isInteger(limit) || limit < 1 || limit > 20) throw new Refusal('InvalidInputException')
  if (body.NextToken === undefined && emptyFirstPage) return { [name]: [], NextToken: 'at-0' }
  const [, from] = /^at-(\d+)$/.exec(body.NextToken ?? 'at-0') ?? []
  if (from === undefined) throw new Refusal('InvalidInputException')
  const end = Number(from) + Math.min(limit, page)
  return { [name]: all.slice(Number(from), end), ...(end < all.length ? { NextToken: `at-${end}` } : {}) }
}
