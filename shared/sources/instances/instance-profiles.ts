import { type InstanceProfile, ListInstanceProfilesCommand } from '@aws-sdk/client-iam'
import { parseArn } from '../../model/arn.ts'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { markerOf } from '../iam/paging.ts'
import { askPages, covered, failureOf, needList, needText, type Reading, rawItem, unlisted } from '../reading.ts'
import type { InstanceReader } from './reader.ts'

const TYPE = 'AWS::IAM::InstanceProfile'

/** Reads every instance profile of the account with the role in it. */
export async function listInstanceProfiles(reader: InstanceReader): Promise<Reading> {
  const answer = await askPages(reader, 'iam:ListInstanceProfiles', undefined, async (Marker, abortSignal) => {
    const command = new ListInstanceProfilesCommand({ MaxItems: 1000, ...(Marker === undefined ? {} : { Marker }) })
    const output = await reader.iam.send(command, { abortSignal })
    const entries = needList(output.InstanceProfiles, 'InstanceProfiles').map((profile) => itemOf(reader, profile))
    return { entries, nextToken: markerOf(output) }
  })
  if (answer.state !== 'known') return unlisted(reader, [TYPE], failureOf(answer))
  return { items: answer.value, coverage: [covered(reader, TYPE)], gaps: [] }
}

function itemOf(reader: InstanceReader, profile: InstanceProfile): JsonObject {
  const arn = needText(profile.Arn, 'Arn')
  if (parseArn(arn)?.accountId !== reader.accountId) throw new MalformedAnswer('a profile of another account')
  const name = needText(profile.InstanceProfileName, 'InstanceProfileName')
  const configuration = {
    Arn: arn,
    InstanceProfileName: name,
    Roles: needList(profile.Roles, 'Roles').map((role) => ({
      Arn: needText(role.Arn, 'Arn'),
      RoleName: needText(role.RoleName, 'RoleName'),
    })),
  }
  return rawItem(
    reader,
    TYPE,
    { id: needText(profile.InstanceProfileId, 'InstanceProfileId'), arn, name },
    configuration,
  )
}
