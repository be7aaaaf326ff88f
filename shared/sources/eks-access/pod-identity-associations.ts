import {
  DescribePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  type PodIdentityAssociation,
} from '@aws-sdk/client-eks'
import type { JsonObject } from '../../model/json.ts'
import { type EksReader, NONE, ownArn } from '../eks/reader.ts'
import { MalformedAnswer } from '../failure.ts'
import { type Answer, ask, askPages, needList, needText, rawItem } from '../reading.ts'
import type { Member, MemberSource } from './cluster-members.ts'

const TYPE = 'AWS::EKS::PodIdentityAssociation'

/** Pod identity associations: which role the pods of a service account get. The listing does not say the role. */
export const podIdentityAssociations: MemberSource = { type: TYPE, namesIn, describe }

function namesIn(reader: EksReader, clusterName: string): Promise<Answer<readonly string[]>> {
  return askPages(reader, 'eks:ListPodIdentityAssociations', NONE, async (nextToken, abortSignal) => {
    const command = new ListPodIdentityAssociationsCommand({ clusterName, maxResults: 100, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    const associations = needList(output.associations, 'associations')
    const entries = associations.map((one) => needText(one?.associationId, 'associationId'))
    return { entries, nextToken: output.nextToken }
  })
}

function describe(reader: EksReader, clusterName: string, associationId: string): Promise<Answer<Member>> {
  return ask(
    reader,
    'eks:DescribePodIdentityAssociation',
    NONE,
    (abortSignal) =>
      reader.client.send(new DescribePodIdentityAssociationCommand({ clusterName, associationId }), { abortSignal }),
    ({ association }) => {
      if (association?.clusterName !== clusterName || association.associationId !== associationId) {
        throw new MalformedAnswer('another pod identity association')
      }
      return { item: itemOf(reader, association, clusterName, associationId), gaps: [] }
    },
  )
}

function itemOf(reader: EksReader, association: PodIdentityAssociation, clusterName: string, name: string): JsonObject {
  const arn = ownArn(reader, association.associationArn)
  const configuration = {
    AssociationArn: arn,
    ClusterName: clusterName,
    Namespace: needText(association.namespace, 'namespace'),
    ServiceAccount: needText(association.serviceAccount, 'serviceAccount'),
    RoleArn: needText(association.roleArn, 'roleArn'),
  }
  return rawItem(reader, TYPE, { id: arn, arn, name }, configuration)
}
