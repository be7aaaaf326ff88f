import { listRoles } from '../iam/list-roles.ts'
import { policyType, roleType } from '../iam/reader.ts'
import { listInstanceProfiles } from '../instances/instance-profiles.ts'
import type { Reading } from '../reading.ts'
import type { EstatePart } from './part.ts'
import { readParts } from './read-parts.ts'
import type { EstateChoice, EstateReader } from './reader.ts'

const parts: readonly EstatePart[] = [
  {
    types: [roleType, policyType],
    read: ({ clients, ...reader }) =>
      listRoles({ ...reader, client: clients.iam }, { callerArn: reader.callerArn, awsManaged: 'read' }),
  },
  {
    types: ['AWS::IAM::InstanceProfile'],
    read: ({ clients, ...reader }) =>
      listInstanceProfiles({ ...reader, iam: clients.iam, ec2: clients.ec2, autoScaling: clients.autoScaling }),
  },
]

/** Types of the account as a whole. */
export const globalTypes: readonly string[] = parts.flatMap(({ types }) => types)

/** Reads what belongs to the account and to no region: roles, policies, instance profiles. */
export function readGlobal(reader: EstateReader, choice: EstateChoice): Promise<Reading> {
  return readParts(reader, choice, parts)
}
