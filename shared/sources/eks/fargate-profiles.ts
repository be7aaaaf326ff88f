import { DescribeFargateProfileCommand, type FargateProfile, ListFargateProfilesCommand } from '@aws-sdk/client-eks'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, askPages, needList, needText, present, type Reading, rawItem } from '../reading.ts'
import { listMembers, type MemberReading, memberReading } from './members.ts'
import { type EksReader, NONE, ownArn } from './reader.ts'

const TYPE = 'AWS::EKS::FargateProfile'

/** Reads one Fargate profile. `resourceArn`, when the caller knows it, names the resource in a gap. */
export async function readFargateProfile(
  reader: EksReader,
  clusterName: string,
  fargateProfileName: string,
  resourceArn?: string,
): Promise<MemberReading> {
  return memberReading(await describe(reader, clusterName, fargateProfileName), TYPE, resourceArn)
}

/** Reads all Fargate profiles of the region. */
export function listFargateProfiles(reader: EksReader): Promise<Reading> {
  return listMembers(
    reader,
    TYPE,
    (clusterName) => namesIn(reader, clusterName),
    (clusterName, name) => describe(reader, clusterName, name),
  )
}

function namesIn(reader: EksReader, clusterName: string): Promise<Answer<readonly string[]>> {
  return askPages(reader, 'eks:ListFargateProfiles', NONE, async (nextToken, abortSignal) => {
    const command = new ListFargateProfilesCommand({ clusterName, maxResults: 100, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.fargateProfileNames, 'fargateProfileNames').map((name) => needText(name, 'name'))
    return { entries, nextToken: output.nextToken }
  })
}

function describe(reader: EksReader, clusterName: string, fargateProfileName: string): Promise<Answer<JsonObject>> {
  return ask(
    reader,
    'eks:DescribeFargateProfile',
    NONE,
    (abortSignal) =>
      reader.client.send(new DescribeFargateProfileCommand({ clusterName, fargateProfileName }), { abortSignal }),
    ({ fargateProfile: profile }) => {
      if (profile?.clusterName !== clusterName || profile.fargateProfileName !== fargateProfileName) {
        throw new MalformedAnswer('another Fargate profile')
      }
      return itemOf(reader, profile, clusterName, fargateProfileName)
    },
  )
}

function itemOf(reader: EksReader, profile: FargateProfile, clusterName: string, name: string): JsonObject {
  const arn = ownArn(reader, profile.fargateProfileArn)
  const configuration = {
    ClusterName: clusterName,
    FargateProfileName: name,
    Arn: arn,
    PodExecutionRoleArn: needText(profile.podExecutionRoleArn, 'podExecutionRoleArn'),
    Subnets: needList(profile.subnets, 'subnets').map((subnet) => needText(subnet, 'subnet')),
    Selectors: needList(profile.selectors ?? [], 'selectors').map((selector) =>
      present({ Namespace: selector.namespace, Labels: selector.labels }),
    ),
  }
  return rawItem(reader, TYPE, { id: `${clusterName}|${name}`, arn, name }, configuration)
}
