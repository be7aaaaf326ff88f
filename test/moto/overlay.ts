// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { emptyEksAccess, eksAccessService, type FakeEksAccess } from '../support/fake-aws/eks-access.ts'
import { emptyWorld, serve, type World } from '../support/fake-aws/fake-aws.ts'
import { configQueryService, emptyConfig } from '../support/fake-aws/config-query.ts'
import { Refusal } from '../support/fake-aws/refusal.ts'
import { emptyProfiles, route53ProfilesService } from '../support/fake-aws/route53-profiles.ts'
import { type Spoken, spoken, written, writtenError } from '../support/fake-aws/wire.ts'
import { cutOf } from './cut-pages.ts'

/** What moto does not have, or answers wrongly: our own fake answers instead. */
const notInMoto = new Set([
  'ecr:GetAccountSetting',
  'ecr:GetSigningConfiguration',
  'ecr:DescribePullThroughCacheRules',
  'ecr:DescribeRepositoryCreationTemplates',
  'ec2:DescribeVpcBlockPublicAccessOptions',
  'ec2:DescribeVpcBlockPublicAccessExclusions',
  // moto answers only for named ones.
  'ecs:DescribeCapacityProviders',
])

/** Calls on access to clusters, which moto does not have either. */
const eksAccess = [
  'ListPodIdentityAssociations',
  'DescribePodIdentityAssociation',
  'ListAccessEntries',
  'DescribeAccessEntry',
  'ListAssociatedAccessPolicies',
  'ListAddons',
  'DescribeAddon',
]

/** A call as the overlay saw it. */
export interface OverlaidCall {
  readonly accountId: string
  readonly region: string
  readonly service: string
  readonly operation: string
}

/** Turns an answer of moto into that of AWS. */
export type Mend = (answer: any) => unknown

/** moto with its gaps filled. */
export interface Overlay {
  readonly endpoint: string
  /** What the fake holds of an account and region; whatever is in its `state.services` is answered by it instead of moto. */
  readonly world: (accountId: string, region: string) => World
  /** Puts right what moto answers wrongly in JSON. */
  readonly mend: (name: string, place: Omit<OverlaidCall, 'service' | 'operation'>, mend: Mend) => void
  /** Accounts whose roles cannot be assumed. */
  readonly closed: Set<string>
  readonly calls: OverlaidCall[]
  /** Operations of which a page was handed over that was not the last. */
  readonly cut: Set<string>
  /** Answers of moto that AWS would never give, as `service:operation`. */
  readonly gaps: Set<string>
  close(): Promise<void>
}

/** Starts the overlay in front of moto; listings are cut into pages of `pageSize`. */
export async function startOverlay(motoEndpoint: string, pageSize: number): Promise<Overlay> {
  const accounts = new Map<string, string>()
  const worlds = new Map<string, World>()
  const seen = { closed: new Set<string>(), calls: [] as OverlaidCall[], cut: new Set<string>(), gaps: new Set<string>() }
  const world = (accountId: string, region: string) => {
    const key = `${accountId} ${region}`
    const held = worlds.get(key) ?? newWorld(accountId, region)
    worlds.set(key, held)
    return held
  }
  const mends = new Map<string, Mend>()
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const text = await bodyOf(request)
    const call = spoken(request, text)
    const place = placeOf(request, accounts)
    const { service, operation } = call
    seen.calls.push({ ...place, service, operation })
    const answers = world(place.accountId, place.region)
    if (isOwn(answers, call)) return respondOwn(response, call, () => serve(answers, call))
    if (operation === 'AssumeRole' && seen.closed.has(accountOf(call.body.RoleArn))) {
      return respondOwn(response, call, () => {
        throw new Refusal('AccessDenied', 403, `not authorized to perform: sts:AssumeRole on ${call.body.RoleArn}`)
      })
    }
    const cut = cutOf(service, operation, call.body, pageSize)
    const answer = await forward(motoEndpoint, request, text, cut?.whole ?? [])
    if (isNoAnswer(answer)) {
      seen.gaps.add(`${service}:${operation}`)
      return respondOwn(response, call, () => {
        throw new Refusal('UnknownOperationException')
      })
    }
    const mend = mends.get(`${service}:${operation} ${place.accountId} ${place.region}`)
    if (mend && answer.status === 200) answer.text = JSON.stringify(mend(JSON.parse(answer.text)))
    const page = cut !== undefined && answer.status === 200 ? cut.page(answer.text) : { text: answer.text, last: true }
    if (!page.last) seen.cut.add(`${service}:${operation}`)
    if (operation === 'AssumeRole') rememberKey(accounts, call.body.RoleArn, answer.text)
    response.writeHead(answer.status, answer.headers).end(page.text)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error))
      seen.gaps.add(`overlay: ${error}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ endpoint: `http://127.0.0.1:${port}`, world, ...seen },
    mend: (name, { accountId, region }, mend) => mends.set(`${name} ${accountId} ${region}`, mend),
    close: () => closed(server),
  }
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })
}

function newWorld(accountId: string, region: string): World {
  const world = emptyWorld(accountId, region)
  const { services } = world.state
  serveEksAccess(world, emptyEksAccess())
  services.set('route53profiles', route53ProfilesService(emptyProfiles()))
  services.set('config', configQueryService({ accountId, region }, { ...emptyConfig(), recorders: [], recorderStatuses: [] }))
  return world
}

/** Makes the overlay answer calls on access to clusters from this; the clusters themselves must be in `state.eks` too. */
export function serveEksAccess({ state }: World, access: FakeEksAccess): void {
  const service = eksAccessService(state.eks, access)
  for (const operation of eksAccess) state.services.set(`eks:${operation}`, service)
}

function isOwn({ state }: World, { service, operation }: Spoken): boolean {
  const name = `${service}:${operation}`
  return notInMoto.has(name) || state.services.has(name) || state.services.has(service)
}

function respondOwn(response: ServerResponse, call: Spoken, answer: () => unknown): void {
  try {
    const { type, text } = written(call, answer())
    response.writeHead(200, { 'content-type': type }).end(text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { type, text } = writtenError(call, error)
    response.writeHead(error.status, { 'content-type': type, 'x-amzn-errortype': error.code }).end(text)
  }
}

/** moto's own account when the key is none that AssumeRole gave. */
function placeOf(request: IncomingMessage, accounts: ReadonlyMap<string, string>) {
  const credential = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')
  const [, key = '', region = ''] = credential ?? []
  return { accountId: accounts.get(key) ?? '123456789012', region }
}

function rememberKey(accounts: Map<string, string>, roleArn: unknown, answer: string): void {
  const [, key] = /<AccessKeyId>([^<]+)<\/AccessKeyId>/.exec(answer) ?? []
  if (key !== undefined) accounts.set(key, accountOf(roleArn))
}

function accountOf(arn: unknown): string {
  return String(arn).split(':')[4] ?? ''
}

interface MotoAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  text: string
}

/** moto is asked for everything at once: parameters of paging do not reach it. */
async function forward(
  endpoint: string,
  request: IncomingMessage,
  text: string,
  without: readonly string[],
): Promise<MotoAnswer> {
  const url = new URL(request.url ?? '/', endpoint)
  for (const name of without) url.searchParams.delete(name)
  const headers = new Headers()
  for (const name of ['authorization', 'content-type', 'x-amz-target', 'x-amz-date', 'x-amz-security-token', 'accept']) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  const body = request.method === 'GET' ? undefined : bodyWithout(text, without)
  const answer = await fetch(url, { method: request.method ?? 'GET', headers, ...(body === undefined ? {} : { body }) })
  const type = answer.headers.get('content-type') ?? 'text/plain'
  const errorType = answer.headers.get('x-amzn-errortype')
  return {
    status: answer.status,
    headers: { 'content-type': type, ...(errorType === null ? {} : { 'x-amzn-errortype': errorType }) },
    text: await answer.text(),
  }
}

function bodyWithout(text: string, names: readonly string[]): string {
  if (names.length === 0 || text === '') return text
  if (text.startsWith('{')) {
    const body = JSON.parse(text)
    return JSON.stringify(Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name))))
  }
  const form = new URLSearchParams(text)
  for (const name of names) form.delete(name)
  return form.toString()
}

/** A page for people: the operation is not there. */
function isNoAnswer({ status, text }: MotoAnswer): boolean {
  return status >= 500 || /^\s*<(?:!doctype html|html)/i.test(text)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
