import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { AwsClient } from 'aws4fetch'
import { elementOf } from './xml-items.ts'

/** An account and region of moto. */
export interface Place {
  readonly endpoint: string
  readonly accountId: string
  readonly region: string
  readonly credentials: AwsCredentialIdentity
}

/** A resource that a stack says to have created. */
export interface CreatedResource {
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
}

/** One stack of a stack set. */
export interface StackInstance {
  readonly accountId: string
  readonly region: string
  /** Parameters that differ from those of the stack set, as XML. */
  readonly overrides: string
}

/**
 * Calls AWS CloudFormation of moto by its query protocol. Whatever an operation takes is given in the words of the API.
 * @throws Error with the answer of a call that was refused
 */
export function cloudFormation({ endpoint, region, credentials }: Place) {
  const client = new AwsClient({ ...credentials, service: 'cloudformation', region, retries: 0 })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const call = async (operation: string, input: object): Promise<string> => {
    const body = new URLSearchParams([['Action', operation], ['Version', '2010-05-15'], ...flat(input)])
    const answer = await client.fetch(endpoint, { method: 'POST', headers, body: body.toString() })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`)
    return text
  }
  return {
    call,
    stackStatus: async (StackName: string): Promise<string | undefined> =>
      elementOf(await call('DescribeStacks', { StackName }), 'StackStatus'),
    /** moto lists what it has not created too, without a name. */
    resources: async (StackName: string): Promise<readonly CreatedResource[]> =>
      membersOf(await call('ListStackResources', { StackName }))
        .map((member) => ({
          logicalId: elementOf(member, 'LogicalResourceId') ?? '',
          physicalId: elementOf(member, 'PhysicalResourceId') ?? '',
          type: elementOf(member, 'ResourceType') ?? '',
        }))
        .filter(({ logicalId }) => logicalId !== ''),
    outputs: async (StackName: string): Promise<ReadonlyMap<string, string>> => {
      const { 1: outputs = '' } = (await call('DescribeStacks', { StackName })).split('<Outputs>')
      const values = membersOf(`${outputs.split('</Outputs>')[0]}`)
      return new Map(values.map((one) => [elementOf(one, 'OutputKey') ?? '', elementOf(one, 'OutputValue') ?? '']))
    },
    stackSetNames: async (): Promise<readonly string[]> =>
      membersOf(await call('ListStackSets', { Status: 'ACTIVE' })).map((one) => elementOf(one, 'StackSetName') ?? ''),
    instances: async (StackSetName: string): Promise<readonly StackInstance[]> =>
      membersOf(await call('ListStackInstances', { StackSetName })).map((member) => ({
        accountId: elementOf(member, 'Account') ?? '',
        region: elementOf(member, 'Region') ?? '',
        overrides: elementOf(member, 'ParameterOverrides') ?? '',
      })),
  }
}

/** In the spelling of CloudFormation's parameters. */
export function parameterList(parameters: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }))
}

/** Fields of the query protocol: `A.B.member.1`. */
function flat(value: unknown, name = ''): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((one, index) => flat(one, `${name}.member.${index + 1}`))
  if (typeof value !== 'object' || value === null) return [[name, String(value)]]
  return Object.entries(value).flatMap(([key, one]) => flat(one, name === '' ? key : `${name}.${key}`))
}

/** The outer members of a list. */
function membersOf(text: string): readonly string[] {
  const members: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: tag, index } of text.matchAll(/<\/?member>/g)) {
    if (tag === '<member>') {
      if (depth === 0) start = index
      depth++
      continue
    }
    depth--
    if (depth === 0) members.push(text.slice(start, index))
  }
  return members
}
