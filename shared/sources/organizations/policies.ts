import {
  DescribePolicyCommand,
  ListPoliciesCommand,
  ListTargetsForPolicyCommand,
  type PolicySummary,
} from '@aws-sdk/client-organizations'
import type { GuardrailType } from '../../inventory/organizations.ts'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import {
  type Answer,
  ask,
  askPages,
  covered,
  failureOf,
  forEachConcurrently,
  type Gap,
  gapsOf,
  needList,
  needText,
  present,
  type Reading,
  rawItem,
} from '../reading.ts'
import type { RootFacts } from './organization.ts'
import { CONCURRENCY, explained, needArn, needId, type OrganizationReader, PAGE, policyType } from './reader.ts'

const guardrailTypes: readonly GuardrailType[] = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']
/** The error that means: the policy was deleted after it was listed. */
const NONE = 'PolicyNotFoundException'

interface Policy {
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly type: GuardrailType
  readonly awsManaged: boolean
}

/** What was found of one type; every part may be in pieces. */
interface Found {
  readonly items: JsonObject[]
  readonly failures: ReadFailure[]
  readonly gaps: Gap[]
}

/**
 * Service and resource control policies with their text and what they are attached to. A type that is not enabled on the
 * root binds nobody, so its policies are no items; one that is being switched on or off leaves the listing unknown.
 */
export async function readPolicies(reader: OrganizationReader, root: RootFacts): Promise<Reading> {
  const found = await Promise.all(guardrailTypes.map((type) => readType(reader, root, type)))
  const failures = found.flatMap((one) => one.failures)
  return {
    items: found.flatMap((one) => one.items).sort((a, b) => (String(a.resourceId) < String(b.resourceId) ? -1 : 1)),
    coverage: [covered(reader, policyType, failures[0])],
    gaps: [
      ...failures.map((failure) => ({ resourceType: policyType, ...failure })),
      ...found.flatMap((one) => one.gaps),
    ],
  }
}

async function readType(reader: OrganizationReader, root: RootFacts, type: GuardrailType): Promise<Found> {
  const found: Found = { items: [], failures: [], gaps: [] }
  const listed = await policiesInForce(reader, root, type)
  if (listed.state === 'unknown') return { ...found, failures: [explained(reader, failureOf(listed))] }
  const attached = new Set<string>()
  let complete = inForce(root, type)
  await forEachConcurrently(listed.value, CONCURRENCY, async (policy) => {
    const [content, targets] = await Promise.all([contentOf(reader, policy), targetsOf(reader, policy)])
    if (content.state === 'absent' || targets.state === 'absent') return
    if (targets.state === 'unknown') complete = false
    found.gaps.push(...gapsOf(content, policyType, policy.arn), ...gapsOf(targets, policyType, policy.arn))
    for (const target of knownValue(targets) ?? []) attached.add(target)
    found.items.push(itemOf(reader, policy, knownValue(content), knownValue(targets)))
  })
  // A root with service control policies always has one attached: an answer without it is not complete.
  if (complete && type === 'SERVICE_CONTROL_POLICY' && !attached.has(root.id)) {
    const reason = `no ${type} is attached to the root ${root.id}, where there always is one`
    found.failures.push({ reason, transience: 'passing' })
  }
  return found
}

function inForce({ policyTypes }: RootFacts, type: GuardrailType): boolean {
  return policyTypes.get(type) === 'ENABLED'
}

async function policiesInForce(
  reader: OrganizationReader,
  root: RootFacts,
  type: GuardrailType,
): Promise<Exclude<Answer<readonly Policy[]>, { readonly state: 'absent' }>> {
  const status = root.policyTypes.get(type)
  if (status === undefined) return { state: 'known', value: [] }
  if (!inForce(root, type)) {
    const reason = `organizations:ListRoots says that ${type} is neither on nor off (${status.slice(0, 40)})`
    return { state: 'unknown', reason, transience: 'passing' }
  }
  const listed = await listPolicies(reader, type)
  return listed.state === 'absent' ? { state: 'unknown', ...failureOf(listed) } : listed
}

async function listPolicies(reader: OrganizationReader, Filter: GuardrailType): Promise<Answer<readonly Policy[]>> {
  const listed = await askPages(reader, 'organizations:ListPolicies', undefined, async (NextToken, abortSignal) => {
    const command = new ListPoliciesCommand({ Filter, MaxResults: PAGE, NextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.Policies, 'Policies').map((summary) => policyIn(summary, Filter))
    return { entries, nextToken: output.NextToken }
  })
  if (listed.state !== 'known') return listed
  return { state: 'known', value: [...new Map(listed.value.map((policy) => [policy.id, policy])).values()] }
}

function policyIn({ Id, Arn, Name, Type, AwsManaged }: PolicySummary, type: GuardrailType): Policy {
  if (Type !== type) throw new MalformedAnswer('a policy of another type')
  return {
    id: needId(Id, 'p-'),
    arn: needArn(Arn),
    name: needText(Name, 'Name'),
    type,
    awsManaged: AwsManaged === true,
  }
}

function contentOf(reader: OrganizationReader, { id }: Policy): Promise<Answer<string>> {
  return ask(
    reader,
    'organizations:DescribePolicy',
    NONE,
    (abortSignal) => reader.client.send(new DescribePolicyCommand({ PolicyId: id }), { abortSignal }),
    ({ Policy }) => {
      if (Policy?.PolicySummary?.Id !== id) throw new MalformedAnswer('another policy')
      return needText(Policy.Content, 'Content')
    },
  )
}

function targetsOf(reader: OrganizationReader, { id }: Policy): Promise<Answer<readonly string[]>> {
  return askPages(reader, 'organizations:ListTargetsForPolicy', NONE, async (NextToken, abortSignal) => {
    const command = new ListTargetsForPolicyCommand({ PolicyId: id, MaxResults: PAGE, NextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.Targets, 'Targets').map(({ TargetId }) => needText(TargetId, 'TargetId'))
    return { entries, nextToken: output.NextToken }
  })
}

function knownValue<T>(answer: Answer<T>): T | undefined {
  return answer.state === 'known' ? answer.value : undefined
}

/** What could not be read is left out: the text and the targets are unknown then. */
function itemOf(
  reader: OrganizationReader,
  { id, arn, name, type, awsManaged }: Policy,
  content: string | undefined,
  targets: readonly string[] | undefined,
): JsonObject {
  const configuration = present({
    Id: id,
    Name: name,
    Arn: arn,
    Type: type,
    AwsManaged: awsManaged,
    Content: content,
    TargetIds: targets === undefined ? undefined : [...new Set(targets)].sort(),
  })
  return rawItem(reader, policyType, { id, arn, name }, configuration)
}
