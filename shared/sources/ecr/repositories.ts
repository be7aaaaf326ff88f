import {
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  type Repository,
} from '@aws-sdk/client-ecr'
import type { JsonObject } from '../../model/json.ts'
import { MalformedAnswer } from '../failure.ts'
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
  unlisted,
  unread,
} from '../reading.ts'
import { type EcrReader, ecrArn } from './reader.ts'

const TYPE = 'AWS::ECR::Repository'
/** Repositories whose policies are read at the same time. */
const CONCURRENCY = 8

/** What looking at one repository gave. */
export type RepositoryReading =
  | { readonly state: 'present'; readonly item: JsonObject; readonly gaps: readonly Gap[] }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gap: Gap }

/** The ARN of a repository in the reader's registry. */
export function repositoryArn(reader: Pick<EcrReader, 'accountId' | 'region'>, name: string): string {
  return ecrArn(reader, `repository/${name}`)
}

/**
 * Reads one repository with its policy and lifecycle policy. RepositoryNotFound is gone, RepositoryPolicyNotFound is a
 * repository without a policy, and any other failure is unknown: three different answers.
 */
export async function readRepository(reader: EcrReader, name: string): Promise<RepositoryReading> {
  const described = await ask(
    reader,
    'ecr:DescribeRepositories',
    'RepositoryNotFoundException',
    (abortSignal) => reader.client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }), { abortSignal }),
    (output) => {
      const [repository, ...others] = needList(output.repositories, 'repositories')
      if (others.length > 0 || repository?.repositoryName !== name) throw new MalformedAnswer('another repository')
      return repository
    },
  )
  if (described.state === 'absent') return { state: 'gone' }
  if (described.state === 'unknown') {
    const { reason, transience } = described
    return {
      state: 'unknown',
      gap: { resourceType: TYPE, resourceArn: repositoryArn(reader, name), reason, transience },
    }
  }
  return readPolicies(reader, described.value, name)
}

/** Reads all repositories of the registry, their policies included. A listing that fails anywhere counts as unread. */
export async function listRepositories(reader: EcrReader): Promise<Reading> {
  const action = 'ecr:DescribeRepositories'
  const listed = await askPages(reader, action, undefined, (nextToken, abortSignal) =>
    repositoryPage(reader, nextToken, abortSignal),
  )
  if (listed.state !== 'known') return unlisted(reader, [TYPE], failureOf(listed))
  const items: JsonObject[] = []
  const gaps: Gap[] = []
  await forEachConcurrently(listed.value, CONCURRENCY, async (repository) => {
    const reading = await readPolicies(reader, repository, needText(repository.repositoryName, 'repositoryName'))
    // Deleted between the listing and the policy: it is gone, and nothing is said about it.
    if (reading.state !== 'present') return
    items.push(reading.item)
    gaps.push(...reading.gaps)
  })
  return { items, coverage: [covered(reader, TYPE)], gaps }
}

async function repositoryPage(reader: EcrReader, nextToken: string | undefined, abortSignal: AbortSignal) {
  const output = await reader.client.send(
    new DescribeRepositoriesCommand({ maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) }),
    { abortSignal },
  )
  const entries = needList(output.repositories, 'repositories')
  for (const repository of entries) needText(repository?.repositoryName, 'repositoryName')
  return { entries, nextToken: output.nextToken }
}

async function readPolicies(reader: EcrReader, repository: Repository, name: string): Promise<RepositoryReading> {
  const policy = await ask(
    reader,
    'ecr:GetRepositoryPolicy',
    'RepositoryPolicyNotFoundException',
    (abortSignal) => reader.client.send(new GetRepositoryPolicyCommand({ repositoryName: name }), { abortSignal }),
    (output) => needText(output.policyText, 'policyText'),
  )
  const lifecycle = await ask(
    reader,
    'ecr:GetLifecyclePolicy',
    'LifecyclePolicyNotFoundException',
    (abortSignal) => reader.client.send(new GetLifecyclePolicyCommand({ repositoryName: name }), { abortSignal }),
    (output) => needText(output.lifecyclePolicyText, 'lifecyclePolicyText'),
  )
  if ([policy, lifecycle].some(saysGone)) return { state: 'gone' }
  const lifecycleText = policyProperty(lifecycle)
  const configuration = {
    ...describedProperties(reader, repository, name),
    RepositoryPolicyText: policyProperty(policy),
    LifecyclePolicy:
      typeof lifecycleText === 'string' ? { LifecyclePolicyText: lifecycleText, RegistryId: reader.accountId } : {},
  }
  const arn = repositoryArn(reader, name)
  return {
    state: 'present',
    item: withoutTags(rawItem(reader, TYPE, { id: name, arn }, configuration)),
    gaps: [policy, lifecycle].flatMap((answer) => gapsOf(answer, TYPE, arn)),
  }
}

/** ECR describes repositories without their tags: no tags in the item would say that there are none. */
function withoutTags({ tags: _, ...item }: JsonObject): JsonObject {
  return item
}

/** The repository itself was deleted meanwhile, which is not the same as having no policy. */
function saysGone(answer: Answer<string>): boolean {
  return answer.state === 'unknown' && answer.reason.endsWith(' RepositoryNotFoundException')
}

/**
 * Absent is `{}` as AWS Config writes it. Unknown is a text that is no policy: no reader of the item can take it for a
 * repository without one.
 */
export function policyProperty(answer: Answer<string>): string | JsonObject {
  switch (answer.state) {
    case 'known':
      return answer.value
    case 'absent':
      return {}
    case 'unknown':
      return unread(answer)
  }
}

function describedProperties(reader: EcrReader, repository: Repository, name: string): JsonObject {
  const { imageScanningConfiguration: scanning, encryptionConfiguration: encryption } = repository
  const filters = repository.imageTagMutabilityExclusionFilters
  return present({
    Arn: repositoryArn(reader, name),
    RepositoryName: name,
    RepositoryUri: repository.repositoryUri,
    ImageTagMutability: repository.imageTagMutability,
    ImageTagMutabilityExclusionFilters: filters?.map((filter) =>
      present({
        ImageTagMutabilityExclusionFilterType: filter.filterType,
        ImageTagMutabilityExclusionFilterValue: filter.filter,
      }),
    ),
    ImageScanningConfiguration: scanning && present({ ScanOnPush: scanning.scanOnPush }),
    EncryptionConfiguration:
      encryption && present({ EncryptionType: encryption.encryptionType, KmsKey: encryption.kmsKey }),
  })
}
