import {
  DescribeOrganizationCommand,
  type DescribeOrganizationCommandOutput,
  ListRootsCommand,
  type Root,
} from '@aws-sdk/client-organizations'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, askPages, needList, needText } from '../reading.ts'
import { needAccountId, needArn, needId, type OrganizationReader, type OrganizationsReader, PAGE } from './reader.ts'

/** The error that means: the account is in no organization. */
const NONE = 'AWSOrganizationsNotInUseException'

/** What every account of an organization may ask about it. */
export interface OrganizationFacts {
  readonly id: string
  readonly arn: string
  readonly managementAccountId: string
  /** `ALL` or `CONSOLIDATED_BILLING`. */
  readonly featureSet: string | undefined
}

/** The root and the state of each type of policy on it: `ENABLED`, `PENDING_ENABLE`, `PENDING_DISABLE`; missing when off. */
export interface RootFacts {
  readonly id: string
  readonly policyTypes: ReadonlyMap<string, string>
}

/** The organization of the account; absent when it is in none. */
export function describeOrganization(reader: OrganizationsReader): Promise<Answer<OrganizationFacts>> {
  return ask(
    reader,
    'organizations:DescribeOrganization',
    NONE,
    (abortSignal) => reader.client.send(new DescribeOrganizationCommand({}), { abortSignal }),
    factsIn,
  )
}

function factsIn({ Organization }: DescribeOrganizationCommandOutput): OrganizationFacts {
  return {
    id: needId(Organization?.Id, 'o-'),
    arn: needArn(Organization?.Arn),
    managementAccountId: needAccountId(Organization?.MasterAccountId),
    featureSet: Organization?.FeatureSet,
  }
}

/** The root, of which an organization has one. */
export async function readRoot(reader: OrganizationReader): Promise<Answer<RootFacts>> {
  const roots = await askPages(reader, 'organizations:ListRoots', undefined, async (NextToken, abortSignal) => {
    const output = await reader.client.send(new ListRootsCommand({ MaxResults: PAGE, NextToken }), { abortSignal })
    return { entries: needList(output.Roots, 'Roots').map(rootFacts), nextToken: output.NextToken }
  })
  if (roots.state !== 'known') return roots
  const [root, ...more] = roots.value
  if (root !== undefined && more.length === 0) return { state: 'known', value: root }
  const reason = `organizations:ListRoots answers ${roots.value.length} roots where there is one`
  return { state: 'unknown', reason, transience: 'passing' }
}

function rootFacts({ Id, PolicyTypes }: Root): RootFacts {
  const types = needList(PolicyTypes, 'PolicyTypes').map(({ Type, Status }): [string, string] => [
    needText(Type, 'Type'),
    needText(Status, 'Status'),
  ])
  if (new Set(types.map(([type]) => type)).size < types.length) throw new MalformedAnswer('a policy type named twice')
  return { id: needId(Id, 'r-'), policyTypes: new Map(types) }
}
