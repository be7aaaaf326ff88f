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
])

/** Reads a request of the JSON, query and REST protocols. */
export function spoken(request: IncomingMessage, text: string): Spoken {
  const target = String(request.headers['x-amz-target'] ?? '')
  if (target !== '') {
    const [prefix = '', operation = ''] = target.split('.')
    return { service: targets.get(prefix) ?? prefix, operation, body: JSON.parse(text || '{}') }
  }
  if (String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
    const body = Object.fromEntries(new URLSearchParams(text))
    return { service: 'iam', operation: String(body.Action), body }
  }
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (request.method === 'GET' && url.pathname.startsWith('/clusters')) return eksCall(url)
  return { service: 'securityhub', operation: 'BatchImportFindings', body: JSON.parse(text || '{}') }
}

function eksCall(url: URL): Spoken {
  const [, , name, kind, member] = url.pathname.split('/').map(decodeURIComponent)
  const paging = Object.fromEntries(url.searchParams)
  const operations = new Map([
    ['node-groups', ['ListNodegroups', 'DescribeNodegroup', 'nodegroupName']],
    ['fargate-profiles', ['ListFargateProfiles', 'DescribeFargateProfile', 'fargateProfileName']],
  ])
  const call = (operation: string, body: any) => ({ service: 'eks', operation, body })
  if (name === undefined || name === '') return call('ListClusters', paging)
  if (kind === undefined) return call('DescribeCluster', { name })
  const [list = '', describe = '', key = ''] = operations.get(kind) ?? []
  if (member === undefined) return call(list, { clusterName: name, ...paging })
  return call(describe, { clusterName: name, [key]: member })
}

/** How a service spells an answer. */
export function written({ service, operation }: Spoken, value: unknown): { type: string; text: string } {
  if (service !== 'iam') return { type: jsonType(service), text: JSON.stringify(value) }
  const text = `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">${element(`${operation}Result`, value)}</${operation}Response>`
  return { type: 'text/xml', text }
}

/** How a service spells an error. */
export function writtenError({ service }: Spoken, { code, message }: Refusal): { type: string; text: string } {
  if (service !== 'iam') return { type: jsonType(service), text: JSON.stringify({ __type: code, message }) }
  return {
    type: 'text/xml',
    text: element('ErrorResponse', { Error: { Type: 'Sender', Code: code, Message: message } }),
  }
}

function jsonType(service: string): string {
  return service === 'eks' ? 'application/json' : 'application/x-amz-json-1.1'
}

function element(name: string, value: unknown): string {
  if (value === undefined) return ''
  return `<${name}>${content(value)}</${name}>`
}

function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((entry) => element('member', entry)).join('')
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, entry]) => element(key, entry))
      .join('')
  }
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
