import { DescribeRegistryCommand, type DescribeRegistryResponse, type ReplicationRule } from '@aws-sdk/client-ecr'
import type { JsonObject } from '../../model/json.ts'
import { type EcrReader, ecrArn } from '../ecr/reader.ts'
import { MalformedAnswer } from '../failure.ts'
import { ask, covered, failureOf, needList, needText, present, type Reading, rawItem, unlisted } from '../reading.ts'

const TYPE = 'AWS::ECR::ReplicationConfiguration'

/** Reads where the registry copies its images to. A registry that states no rule has no replication. */
export async function readReplication(reader: EcrReader): Promise<Reading> {
  const answer = await ask(
    reader,
    'ecr:DescribeRegistry',
    undefined,
    (abortSignal) => reader.client.send(new DescribeRegistryCommand({}), { abortSignal }),
    (output) => rulesOf(reader, output),
  )
  if (answer.state !== 'known') return unlisted(reader, [TYPE], failureOf(answer))
  const items = answer.value.length === 0 ? [] : [itemOf(reader, answer.value)]
  return { items, coverage: [covered(reader, TYPE)], gaps: [] }
}

function rulesOf(reader: EcrReader, output: DescribeRegistryResponse): readonly JsonObject[] {
  const { registryId, replicationConfiguration } = output
  if (registryId !== undefined && registryId !== reader.accountId) throw new MalformedAnswer('another registry')
  return needList(replicationConfiguration?.rules, 'rules').map(ruleOf)
}

function ruleOf({ destinations, repositoryFilters }: ReplicationRule): JsonObject {
  return present({
    Destinations: needList(destinations, 'destinations').map(({ region, registryId }) => ({
      Region: needText(region, 'region'),
      RegistryId: needText(registryId, 'registryId'),
    })),
    // A rule without filters copies every repository: a list that is not one must not be taken for none.
    RepositoryFilters:
      repositoryFilters === undefined
        ? undefined
        : needList(repositoryFilters, 'repositoryFilters').map(({ filter, filterType }) => ({
            Filter: needText(filter, 'filter'),
            FilterType: needText(filterType, 'filterType'),
          })),
  })
}

function itemOf(reader: EcrReader, Rules: readonly JsonObject[]): JsonObject {
  const identity = { id: reader.accountId, arn: ecrArn(reader, `replication-configuration/${reader.accountId}`) }
  return rawItem(reader, TYPE, identity, { RegistryId: reader.accountId, ReplicationConfiguration: { Rules } })
}
