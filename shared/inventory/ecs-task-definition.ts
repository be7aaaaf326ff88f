import { absent, type Fact, known, unknown } from '../model/fact.ts'
import { type JsonObject, ownString } from '../model/json.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { Container, TaskDefinition } from './ecs.ts'
import {
  booleanProperty,
  convertedList,
  enumProperty,
  numberProperty,
  objectProperty,
  property,
  stringListProperty,
  stringProperty,
} from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** The typed view of an `AWS::ECS::TaskDefinition` item: one revision. Its ARN, not its id, tells revisions apart. */
export function taskDefinitionOf(item: ConfigurationItem): TaskDefinition {
  const { configuration, arn } = item
  const stated = taskDefinitionName(arn) ?? taskDefinitionName(item.resourceName ?? item.resourceId)
  const platform = objectProperty(configuration, 'RuntimePlatform')
  return {
    ...resourceOfItem(item),
    family: stated?.family ?? stringProperty(configuration, 'Family') ?? item.resourceId,
    revision: stated?.revision ?? numberProperty(configuration, 'Revision') ?? 0,
    status: enumProperty(configuration, 'Status'),
    requiresCompatibilities: stringListProperty(configuration, 'RequiresCompatibilities') ?? [],
    networkMode: enumProperty(configuration, 'NetworkMode'),
    operatingSystemFamily: platform && enumProperty(platform, 'OperatingSystemFamily'),
    cpuArchitecture: platform && enumProperty(platform, 'CpuArchitecture'),
    taskRoleArn: roleFact(configuration, 'TaskRoleArn', `the task role of ${arn}`),
    executionRoleArn: roleFact(configuration, 'ExecutionRoleArn', `the execution role of ${arn}`),
    containers: containersOf(configuration, arn),
    registeredAt: ownString(item.supplementaryConfiguration, 'registeredAt'),
  }
}

/**
 * Family and revision of any form ECS accepts: an ARN or a bare name, each with or without `:revision`. Undefined for a text
 * that names no task definition.
 */
export function taskDefinitionName(text: string): { family: string; revision: number | undefined } | undefined {
  const name = text.startsWith('arn:') ? text.split(':task-definition/')[1] : text
  const [family = '', revision, ...more] = (name ?? '').split(':')
  if (family === '' || family.includes('/') || more.length > 0) return undefined
  if (revision === undefined) return { family, revision: undefined }
  return /^\d{1,9}$/.test(revision) ? { family, revision: Number(revision) } : undefined
}

/** A definition whose containers are missing was not described in full: then a missing role proves nothing. */
function roleFact(configuration: JsonObject, name: string, what: string): Fact<string> {
  const value = property(configuration, name)
  if (typeof value === 'string' && value !== '') return known(value)
  const unset = value === undefined || value === null || value === ''
  const described = property(configuration, 'ContainerDefinitions') !== undefined
  return unset && described ? absent() : unknown(`${what} is missing`)
}

function containersOf(configuration: JsonObject, arn: string): Fact<readonly Container[]> {
  const containers = convertedList(configuration, 'ContainerDefinitions', containerOf)
  return containers === undefined ? unknown(`the container definitions of ${arn} are missing`) : known(containers)
}

function containerOf(entry: JsonObject): Container | undefined {
  const image = property(entry, 'Image') ?? ''
  if (typeof image !== 'string') return undefined
  const credentials = objectProperty(entry, 'RepositoryCredentials')
  const logging = objectProperty(entry, 'LogConfiguration')
  const logOptions = logging && objectProperty(logging, 'Options')
  return {
    name: stringProperty(entry, 'Name') ?? '',
    image,
    // ECS treats a container as essential unless told otherwise.
    essential: booleanProperty(entry, 'Essential') ?? true,
    repositoryCredentials: credentials && stringProperty(credentials, 'CredentialsParameter'),
    logDriver: logging && enumProperty(logging, 'LogDriver'),
    logRegion: logOptions && ownString(logOptions, 'awslogs-region'),
    secrets: [...secretsIn(entry, 'Secrets'), ...(logging ? secretsIn(logging, 'SecretOptions') : [])],
  }
}

function secretsIn(object: JsonObject, name: string): readonly string[] {
  const named = convertedList(object, name, (entry) => stringProperty(entry, 'ValueFrom') ?? '')
  return (named ?? []).filter((valueFrom) => valueFrom !== '')
}
