import { ListEntitiesForPolicyCommand, type PolicyRole, type PolicyUsageType } from '@aws-sdk/client-iam'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, askPages, needList, needText } from '../reading.ts'
import { markerOf } from './paging.ts'
import { type IamReader, roleNameOf } from './reader.ts'

/**
 * Names of the roles that hold a managed policy, as a permissions policy or as their boundary: sorted, each once. Absent when there is
 * no such policy.
 */
export async function listPolicyHolders(reader: IamReader, policyArn: string): Promise<Answer<readonly string[]>> {
  // Without a filter IAM says it lists both; asked for by name, nobody has to rely on that.
  const holding = await listUsers(reader, policyArn, 'PermissionsPolicy')
  if (holding.state !== 'known') return holding
  const bound = await listUsers(reader, policyArn, 'PermissionsBoundary')
  if (bound.state !== 'known') return bound
  return { state: 'known', value: [...new Set([...holding.value, ...bound.value])].sort() }
}

function listUsers(reader: IamReader, PolicyArn: string, PolicyUsageFilter: PolicyUsageType) {
  return askPages(reader, 'iam:ListEntitiesForPolicy', 'NoSuchEntityException', async (Marker, abortSignal) => {
    const command = new ListEntitiesForPolicyCommand({
      ...{ PolicyArn, PolicyUsageFilter, EntityFilter: 'Role', MaxItems: 1_000 },
      ...(Marker === undefined ? {} : { Marker }),
    })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.PolicyRoles, 'PolicyRoles').map((role) => nameOf(reader, role))
    return { entries, nextToken: markerOf(output) }
  })
}

/** @throws MalformedAnswer for what is no name of a role */
function nameOf(reader: IamReader, { RoleName }: PolicyRole): string {
  const text = needText(RoleName, 'RoleName')
  const asked = roleNameOf(reader, text)
  if (!asked.ok || asked.name !== text) throw new MalformedAnswer('a role without a proper name')
  return text
}
