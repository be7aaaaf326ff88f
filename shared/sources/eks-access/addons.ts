import { type Addon, DescribeAddonCommand, ListAddonsCommand } from '@aws-sdk/client-eks'
import type { JsonObject } from '../../model/json.ts'
import { type EksReader, NONE, ownArn } from '../eks/reader.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, askPages, needList, needText, present, rawItem } from '../reading.ts'
import type { Member, MemberSource } from './cluster-members.ts'

const TYPE = 'AWS::EKS::Addon'

/** EKS add-ons: their versions, and the roles of their service accounts. */
export const addons: MemberSource = { type: TYPE, namesIn, describe }

function namesIn(reader: EksReader, clusterName: string): Promise<Answer<readonly string[]>> {
  return askPages(reader, 'eks:ListAddons', NONE, async (nextToken, abortSignal) => {
    const output = await reader.client.send(new ListAddonsCommand({ clusterName, maxResults: 100, nextToken }), {
      abortSignal,
    })
    const entries = needList(output.addons, 'addons').map((name) => needText(name, 'add-on name'))
    return { entries, nextToken: output.nextToken }
  })
}

function describe(reader: EksReader, clusterName: string, addonName: string): Promise<Answer<Member>> {
  return ask(
    reader,
    'eks:DescribeAddon',
    NONE,
    (abortSignal) => reader.client.send(new DescribeAddonCommand({ clusterName, addonName }), { abortSignal }),
    ({ addon }) => {
      if (addon?.clusterName !== clusterName || addon.addonName !== addonName) {
        throw new MalformedAnswer('another add-on')
      }
      return { item: itemOf(reader, addon, clusterName, addonName), gaps: [] }
    },
  )
}

function itemOf(reader: EksReader, addon: Addon, clusterName: string, name: string): JsonObject {
  const arn = ownArn(reader, addon.addonArn)
  const configuration = present({
    ClusterName: clusterName,
    AddonName: name,
    AddonVersion: needText(addon.addonVersion, 'addonVersion'),
    Arn: arn,
    ServiceAccountRoleArn: addon.serviceAccountRoleArn,
    Status: needText(addon.status, 'status'),
  })
  return rawItem(reader, TYPE, { id: `${clusterName}|${name}`, arn, name }, configuration)
}
