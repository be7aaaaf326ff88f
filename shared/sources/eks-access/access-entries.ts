import {
  type AccessEntry,
  type AssociatedAccessPolicy,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
} from '@aws-sdk/client-eks'
import type { JsonObject } from '../../model/json.ts'
import { type EksReader, NONE, ownArn } from '../eks/reader.ts'
import { errorName, MalformedAnswer } from '../failure.ts'
import { type Answer, ask, askPages, gapsOf, needList, needText, present, rawItem, unread } from '../reading.ts'
import type { Member, MemberSource } from './cluster-members.ts'

const TYPE = 'AWS::EKS::AccessEntry'

/** Access entries: which principals may talk to a cluster, and with which of EKS's access policies. */
export const accessEntries: MemberSource = { type: TYPE, namesIn, describe }

async function namesIn(reader: EksReader, clusterName: string): Promise<Answer<readonly string[]>> {
  let refused = false
  const isAbsent = (error: unknown) => {
    refused = errorName(error) === 'InvalidRequestException'
    return errorName(error) === NONE
  }
  const names = await askPages(reader, 'eks:ListAccessEntries', isAbsent, async (nextToken, abortSignal) => {
    const command = new ListAccessEntriesCommand({ clusterName, maxResults: 100, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.accessEntries, 'accessEntries').map((arn) => needText(arn, 'principal ARN'))
    return { entries, nextToken: output.nextToken }
  })
  if (!refused) return names
  return (await hasNoEntries(reader, clusterName)) ? { state: 'absent' } : names
}

/**
 * EKS refuses to list the entries of a cluster that knows its principals from the `aws-auth` ConfigMap alone, under an error
 * name that stands for other states of the cluster too: the mode of the cluster tells them apart. No cluster goes back to
 * the ConfigMap alone, so there were never entries in one that is in this mode.
 */
async function hasNoEntries(reader: EksReader, clusterName: string): Promise<boolean> {
  const mode = await ask(
    reader,
    'eks:DescribeCluster',
    NONE,
    (abortSignal) => reader.client.send(new DescribeClusterCommand({ name: clusterName }), { abortSignal }),
    ({ cluster }) => (cluster?.name === clusterName ? cluster.accessConfig?.authenticationMode : undefined),
  )
  return mode.state === 'absent' || (mode.state === 'known' && mode.value === 'CONFIG_MAP')
}

async function describe(reader: EksReader, clusterName: string, principalArn: string): Promise<Answer<Member>> {
  const entry = await describeEntry(reader, clusterName, principalArn)
  if (entry.state !== 'known') return entry
  const policies = await policiesOf(reader, clusterName, principalArn)
  if (policies.state === 'absent') return policies
  const { arn, configuration } = entry.value
  // No policies at all is a meaning of its own: who has an entry without one has what its Kubernetes groups may do.
  const AccessPolicies = policies.state === 'known' ? policies.value : unread(policies)
  const identity = { id: `${principalArn}|${clusterName}`, arn, name: principalArn }
  const item = rawItem(reader, TYPE, identity, { ...configuration, AccessPolicies })
  return { state: 'known', value: { item, gaps: gapsOf(policies, TYPE, arn) } }
}

function describeEntry(reader: EksReader, clusterName: string, principalArn: string) {
  return ask(
    reader,
    'eks:DescribeAccessEntry',
    NONE,
    (abortSignal) => reader.client.send(new DescribeAccessEntryCommand({ clusterName, principalArn }), { abortSignal }),
    ({ accessEntry: entry }) => {
      if (entry?.clusterName !== clusterName || entry.principalArn !== principalArn) {
        throw new MalformedAnswer('another access entry')
      }
      const arn = ownArn(reader, entry.accessEntryArn)
      return { arn, configuration: configurationOf(entry, arn, clusterName, principalArn) }
    },
  )
}

function configurationOf(entry: AccessEntry, arn: string, clusterName: string, principalArn: string): JsonObject {
  return present({
    AccessEntryArn: arn,
    ClusterName: clusterName,
    PrincipalArn: principalArn,
    Type: needText(entry.type, 'type'),
    Username: entry.username,
    KubernetesGroups: needList(entry.kubernetesGroups ?? [], 'kubernetesGroups').map((one) => needText(one, 'group')),
  })
}

function policiesOf(reader: EksReader, clusterName: string, principalArn: string) {
  return askPages(reader, 'eks:ListAssociatedAccessPolicies', NONE, async (nextToken, abortSignal) => {
    const command = new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn, maxResults: 100, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.associatedAccessPolicies, 'associatedAccessPolicies').map(policyOf)
    return { entries, nextToken: output.nextToken }
  })
}

function policyOf(policy: AssociatedAccessPolicy | undefined): JsonObject {
  const scope = policy?.accessScope
  const namespaces = needList(scope?.namespaces ?? [], 'namespaces').map((one) => needText(one, 'namespace'))
  const AccessScope = { Type: needText(scope?.type, 'access scope'), Namespaces: namespaces }
  return { PolicyArn: needText(policy?.policyArn, 'policyArn'), AccessScope }
}
