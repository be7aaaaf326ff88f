import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import { parseArn } from '../../model/arn.ts'
import type { JsonObject } from '../../model/json.ts'
import { ownString } from '../../model/json.ts'
import { errorName, MalformedAnswer, type ReadFailure } from '../failure.ts'
import {
  type Answer,
  ask,
  askPages,
  covered,
  forEachConcurrently,
  type Gap,
  joinReadings,
  needList,
  needText,
  present,
  type Reading,
  rawItem,
} from '../reading.ts'
import { type EcsReader, optionalText, texts } from './reader.ts'
import { readServices } from './services.ts'

const TYPE = 'AWS::ECS::TaskDefinition'
/** Definitions read at the same time. */
const CONCURRENCY = 8
/** More families than this are not read one by one: at about 10 calls a second a function's time would be up. */
const MAX_FAMILIES = 2_000

/** What looking at one task definition gave. */
export type TaskDefinitionReading =
  | { readonly state: 'present'; readonly item: JsonObject; readonly gaps: readonly Gap[] }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gap: Gap }

/**
 * Reads one revision by its ARN, or the newest active revision of a family. A revision that was deregistered is still
 * there (status INACTIVE) until ECS deletes it; then it is gone.
 */
export async function readTaskDefinition(reader: EcsReader, arnOrFamily: string): Promise<TaskDefinitionReading> {
  const foreign = foreignScope(reader, arnOrFamily)
  const answer: Answer<JsonObject> = foreign ? { state: 'unknown', ...foreign } : await describe(reader, arnOrFamily)
  switch (answer.state) {
    case 'known':
      return { state: 'present', item: answer.value, gaps: [] }
    case 'absent':
      return { state: 'gone' }
    case 'unknown': {
      const { reason, transience } = answer
      return { state: 'unknown', gap: { resourceType: TYPE, resourceArn: arnOrFamily, reason, transience } }
    }
  }
}

/** How far a listing goes. */
export interface Bounds {
  /** Families read at most; default 2,000. */
  readonly maxFamilies?: number
}

/**
 * Reads clusters, services, every task definition a service uses, and the newest active revision of each family. With
 * more families than the bound only the definitions of services are read, and the listing says that it is not complete.
 * A `known` listing is complete in current definitions; superseded revisions are never part of it.
 */
export async function listCurrentTaskDefinitions(
  reader: EcsReader,
  { maxFamilies = MAX_FAMILIES }: Bounds = {},
): Promise<Reading> {
  const [services, families] = await Promise.all([readServices(reader), listFamilies(reader)])
  const known = families.state === 'known' ? families.value : []
  const definitions = new Definitions(reader)
  if (known.length <= maxFamilies) await definitions.read(known)
  await definitions.read(services.taskDefinitionArns)
  const failures: readonly ReadFailure[] = [
    ...(families.state === 'unknown' ? [families] : []),
    ...(known.length > maxFamilies ? [tooMany(known.length, maxFamilies)] : []),
    // Without all services nobody knows which older revisions are in use.
    ...services.reading.gaps,
  ]
  const own: Reading = {
    items: definitions.items(),
    coverage: [covered(reader, TYPE, failures[0] ?? definitions.gaps[0])],
    gaps: [
      ...definitions.gaps,
      ...failures.map(({ reason, transience }) => ({ resourceType: TYPE, reason, transience })),
    ],
  }
  return joinReadings([services.reading, own])
}

function tooMany(count: number, bound: number): ReadFailure {
  return { reason: `${count} task definition families are more than the ${bound} that are read`, transience: 'lasting' }
}

/** Definitions read so far, each once whether asked for by ARN or by family. */
class Definitions {
  readonly gaps: Gap[] = []
  readonly #reader: EcsReader
  readonly #byArn = new Map<string, JsonObject>()

  constructor(reader: EcsReader) {
    this.#reader = reader
  }

  items(): readonly JsonObject[] {
    return [...this.#byArn.values()]
  }

  async read(wanted: readonly string[]): Promise<void> {
    const unread = [...new Set(wanted)].filter((one) => !this.#byArn.has(one))
    await forEachConcurrently(unread, CONCURRENCY, async (one) => {
      const reading = await readTaskDefinition(this.#reader, one)
      // Gone since it was listed: nothing is said about it.
      if (reading.state === 'present') this.#byArn.set(ownString(reading.item, 'arn') ?? one, reading.item)
      if (reading.state === 'unknown') this.gaps.push(reading.gap)
    })
  }
}

function listFamilies(reader: EcsReader): Promise<Answer<readonly string[]>> {
  return askPages(reader, 'ecs:ListTaskDefinitionFamilies', undefined, async (nextToken, abortSignal) => {
    const command = new ListTaskDefinitionFamiliesCommand({ status: 'ACTIVE', maxResults: 100, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.families, 'families').map((family) => needText(family, 'family'))
    return { entries, nextToken: output.nextToken }
  })
}

function foreignScope(reader: EcsReader, arnOrFamily: string): ReadFailure | undefined {
  const arn = parseArn(arnOrFamily)
  if (arn === undefined || (arn.accountId === reader.accountId && arn.region === reader.region)) return undefined
  const reason = `the task definition is in account ${arn.accountId} and region ${arn.region}, which this reader does not read`
  return { reason, transience: 'lasting' }
}

function describe(reader: EcsReader, arnOrFamily: string): Promise<Answer<JsonObject>> {
  return ask(
    reader,
    'ecs:DescribeTaskDefinition',
    isNotFound,
    (abortSignal) =>
      reader.client.send(new DescribeTaskDefinitionCommand({ taskDefinition: arnOrFamily }), { abortSignal }),
    ({ taskDefinition }) => {
      const arn = needText(taskDefinition?.taskDefinitionArn, 'taskDefinitionArn')
      if (taskDefinition === undefined || (arn !== arnOrFamily && taskDefinition.family !== arnOrFamily)) {
        throw new MalformedAnswer('another task definition')
      }
      return itemOf(reader, taskDefinition, arn)
    },
  )
}

/** ECS has no error code of its own for a definition that does not exist: only the text tells it from a bad request. */
function isNotFound(error: unknown): boolean {
  return (
    errorName(error) === 'ClientException' &&
    error instanceof Error &&
    error.message.startsWith('Unable to describe task definition')
  )
}

function itemOf(reader: EcsReader, definition: TaskDefinition, arn: string): JsonObject {
  const family = needText(definition.family, 'family')
  const { revision } = definition
  if (typeof revision !== 'number') throw new MalformedAnswer('answer without revision')
  const configuration = present({
    TaskDefinitionArn: arn,
    Family: family,
    Revision: revision,
    Status: needText(definition.status, 'status'),
    RequiresCompatibilities: texts(definition.requiresCompatibilities, 'requiresCompatibilities'),
    NetworkMode: optionalText(definition.networkMode, 'networkMode'),
    TaskRoleArn: optionalText(definition.taskRoleArn, 'taskRoleArn'),
    ExecutionRoleArn: optionalText(definition.executionRoleArn, 'executionRoleArn'),
    RuntimePlatform: platformOf(definition),
    ContainerDefinitions: needList(definition.containerDefinitions, 'containerDefinitions').map(containerOf),
  })
  const registeredAt = definition.registeredAt?.toISOString()
  return rawItem(reader, TYPE, { id: `${family}:${revision}`, arn }, configuration, present({ registeredAt }))
}

function platformOf({ runtimePlatform }: TaskDefinition): JsonObject | undefined {
  return (
    runtimePlatform &&
    present({
      OperatingSystemFamily: optionalText(runtimePlatform.operatingSystemFamily, 'operatingSystemFamily'),
      CpuArchitecture: optionalText(runtimePlatform.cpuArchitecture, 'cpuArchitecture'),
    })
  )
}

function containerOf(container: ContainerDefinition): JsonObject {
  const credentials = container.repositoryCredentials
  return present({
    Name: needText(container.name, 'container name'),
    Image: optionalText(container.image, 'image'),
    // ECS takes a container for essential when the definition does not say.
    Essential: container.essential ?? true,
    RepositoryCredentials: credentials && {
      CredentialsParameter: needText(credentials.credentialsParameter, 'credentialsParameter'),
    },
    LogConfiguration: loggingOf(container),
    Secrets: secretsOf(container.secrets),
  })
}

/** Only what says whom the driver talks to: other options may hold tokens. */
function loggingOf({ logConfiguration }: ContainerDefinition): JsonObject | undefined {
  if (logConfiguration === undefined) return undefined
  const region = logConfiguration.options?.['awslogs-region']
  return present({
    LogDriver: optionalText(logConfiguration.logDriver, 'logDriver'),
    Options: typeof region === 'string' ? { 'awslogs-region': region } : undefined,
    SecretOptions: secretsOf(logConfiguration.secretOptions),
  })
}

/** Names and ARNs of secrets; no value of one is ever in a task definition. */
function secretsOf(secrets: ContainerDefinition['secrets']): JsonObject[] | undefined {
  return secrets?.map(({ valueFrom }) => present({ ValueFrom: optionalText(valueFrom, 'valueFrom') }))
}
