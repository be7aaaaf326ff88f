// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import type { IncomingMessage } from 'node:http'
import type { Refusal } from './refusal.ts'

/** A request in words of the service. */
export interface Spoken {
  readonly service: string
  readonly operation: string
  readonly body: any
}

const targets = new Map([
  ['StarlingDoveService', 'config'],
  ['AmazonEC2ContainerRegistry_V20150921', 'ecr'],
  ['AmazonEC2ContainerServiceV20141113', 'ecs'],
  ['AWSOrganizationsV20161128', 'organizations'],
  ['ResourceGroupsTaggingAPI_20170126', 'tag'],
])

/** The version of its API tells a service of the query protocol. */
const queryServices = new Map([
  ['2016-11-15', 'ec2'],
  ['2011-01-01', 'autoscaling'],
  ['2011-06-15', 'sts'],
])

/** Reads a request of the JSON, query and REST protocols. */
export function spoken(request: Pick<IncomingMessage, 'headers' | 'method' | 'url'>, text: string): Spoken {
  const target = String(request.headers['x-amz-target'] ?? '')
  if (target !== '') {
    const [prefix = '', operation = ''] = target.split('.')
    return { service: targets.get(prefix) ?? prefix, operation, body: JSON.parse(text || '{}') }
  }
  if (String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
    const body = Object.fromEntries(new URLSearchParams(text))
    return { service: queryServices.get(String(body.Version)) ?? 'iam', operation: String(body.Action), body }
  }
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (request.method === 'GET' && url.pathname.startsWith('/clusters')) return eksCall(url)
  if (url.pathname.startsWith('/2013-04-01/')) return route53Call(url)
  if (url.pathname.startsWith('/profile')) return profilesCall(url)
  if (url.pathname.startsWith('/2015-03-31/functions/')) return invocation(url, text)
  if (request.method === 'GET' && url.pathname === '/accounts')
    return { service: 'securityhub', operation: 'DescribeHub', body: Object.fromEntries(url.searchParams) }
  const operation = url.pathname === '/findings' ? 'GetFindings' : 'BatchImportFindings'
  return { service: 'securityhub', operation, body: JSON.parse(text || '{}') }
}

function eksCall(url: URL): Spoken {
  const [, , name, kind, member, part] = url.pathname.split('/').map(decodeURIComponent)
  const paging = Object.fromEntries(url.searchParams)
  const operations = new Map([
    ['node-groups', ['ListNodegroups', 'DescribeNodegroup', 'nodegroupName']],
    ['fargate-profiles', ['ListFargateProfiles', 'DescribeFargateProfile', 'fargateProfileName']],
    ['pod-identity-associations', ['ListPodIdentityAssociations', 'DescribePodIdentityAssociation', 'associationId']],
    ['access-entries', ['ListAccessEntries', 'DescribeAccessEntry', 'principalArn']],
    ['addons', ['ListAddons', 'DescribeAddon', 'addonName']],
  ])
  const call = (operation: string, body: any) => ({ service: 'eks', operation, body })
  if (name === undefined || name === '') return call('ListClusters', paging)
  if (kind === undefined) return call('DescribeCluster', { name })
  const [list = '', describe = '', key = ''] = operations.get(kind) ?? []
  if (member === undefined) return call(list, { clusterName: name, ...paging })
  const body = { clusterName: name, [key]: member }
  return part === 'access-policies'
    ? call('ListAssociatedAccessPolicies', { ...body, ...paging })
    : call(describe, body)
}

/** Route 53 Profiles: `/profileassociations`, `/profileresourceassociations/profileid/{ProfileId}`. */
function profilesCall(url: URL): Spoken {
  const [, kind, , id] = url.pathname.split('/').map(decodeURIComponent)
  const paging = Object.fromEntries(url.searchParams)
  const service = 'route53profiles'
  if (kind === 'profileassociations') return { service, operation: 'ListProfileAssociations', body: paging }
  return { service, operation: 'ListProfileResourceAssociations', body: { ProfileId: id, ...paging } }
}

function route53Call(url: URL): Spoken {
  const [, , kind, id] = url.pathname.split('/').map(decodeURIComponent)
  const body = { ...Object.fromEntries(url.searchParams), ...(id === undefined ? {} : { Id: id }) }
  const operation = kind === 'hostedzonesbyvpc' ? 'ListHostedZonesByVPC' : 'ListResourceRecordSets'
  return { service: 'route53', operation, body }
}

/** Lambda: `/2015-03-31/functions/{FunctionName}/invocations`, with the event as its body. */
function invocation(url: URL, text: string): Spoken {
  const [, , , name = ''] = url.pathname.split('/').map(decodeURIComponent)
  return { service: 'lambda', operation: 'Invoke', body: { FunctionName: name, Payload: text } }
}

/** How a service spells an answer. */
export function written({ service, operation }: Spoken, value: unknown): { type: string; text: string } {
  switch (service) {
    case 'iam':
    case 'autoscaling':
    case 'sts':
      return xml(`${operation}Response`, { [`${operation}Result`]: value }, 'member')
    case 'ec2':
      return xml(`${operation}Response`, value, 'item')
    case 'route53':
      return xml(`${operation}Response`, value, undefined)
    default:
      return { type: jsonType(service), text: JSON.stringify(value) }
  }
}

/** How a service spells an error. */
export function writtenError({ service }: Spoken, { code, message }: Refusal): { type: string; text: string } {
  switch (service) {
    case 'iam':
    case 'autoscaling':
    case 'sts':
    case 'route53':
      return xml('ErrorResponse', { Error: { Type: 'Sender', Code: code, Message: message } }, undefined)
    case 'ec2':
      return xml('Response', { Errors: { Error: { Code: code, Message: message } }, RequestID: '1' }, undefined)
    default:
      return { type: jsonType(service), text: JSON.stringify({ __type: code, message }) }
  }
}

function jsonType(service: string): string {
  return service === 'eks' || service === 'route53profiles' ? 'application/json' : 'application/x-amz-json-1.1'
}

function xml(root: string, value: unknown, member: string | undefined) {
  return { type: 'text/xml', text: element(root, value, member) }
}

/** Members of a list stand in elements of the name `member`; without one, the list's own element is repeated. */
function element(name: string, value: unknown, member: string | undefined): string {
  if (value === undefined) return ''
  if (Array.isArray(value) && member === undefined) return value.map((entry) => element(name, entry, member)).join('')
  return `<${name}>${content(value, member)}</${name}>`
}

function content(value: unknown, member: string | undefined): string {
  if (Array.isArray(value)) return value.map((entry) => element(member ?? '', entry, member)).join('')
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, entry]) => element(key, entry, member))
      .join('')
  }
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
