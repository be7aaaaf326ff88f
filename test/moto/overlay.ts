// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { configQueryService, emptyConfig } from '../support/fake-aws/config-query.ts'
import { eksAccessService, emptyEksAccess, type FakeEksAccess } from '../support/fake-aws/eks-access.ts'
import { emptyWorld, serve, type World } from '../support/fake-aws/fake-aws.ts'
import { Refusal } from '../support/fake-aws/refusal.ts'
import { emptyProfiles, route53ProfilesService } from '../support/fake-aws/route53-profiles.ts'
import { type Spoken, spoken, written, writtenError } from '../support/fake-aws/wire.ts'
import { type Cut, cutOf } from './cut-pages.ts'
import { Names } from './names.ts'

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

type Place = Pick<OverlaidCall, 'accountId' | 'region'>

/** Turns an answer of moto in JSON into that of AWS. */
export type Mend = (answer: any) => unknown

/** Turns the text of an answer of moto into that of AWS. */
export type MendText = (answer: string) => string

/** moto with its gaps filled. */
export interface Overlay {
  readonly endpoint: string
  /** What the fake holds of an account and region; whatever is in its `state.services` is answered by it instead of moto. */
  readonly world: (accountId: string, region: string) => World
  /** Puts right what moto answers wrongly in JSON. */
  readonly mend: (name: string, place: Place, mend: Mend) => void
  /** Puts right what moto answers wrongly in XML. */
  readonly mendText: (name: string, place: Place, mend: MendText) => void
  /** Makes the account know by the name `ours` what moto has named itself. */
  readonly rename: (accountId: string, ours: string, motos: string) => void
  /** Accounts whose roles cannot be assumed. */
  readonly closed: Set<string>
  readonly calls: OverlaidCall[]
  /** Operations of which a page was handed over that was not the last. */
  readonly cut: Set<string>
  /** Answers of moto that AWS would never give, as `service:operation`. */
  readonly gaps: Set<string>
  close(): Promise<void>
}

/** What the overlay knows and has seen. */
interface State extends Pick<Overlay, 'closed' | 'calls' | 'cut' | 'gaps'> {
  readonly motoEndpoint: string
  readonly pageSize: number
  /** Accounts by access key. */
  readonly accounts: Map<string, string>
  readonly worlds: Map<string, World>
  readonly mends: Map<string, MendText>
  readonly names: Names
}

/** Starts the overlay in front of moto; listings are cut into pages of `pageSize`. */
export async function startOverlay(motoEndpoint: string, pageSize: number): Promise<Overlay> {
  const state: State = {
    ...{ motoEndpoint, pageSize, calls: [] },
    ...{ accounts: new Map(), worlds: new Map(), mends: new Map(), names: new Names() },
    ...{ closed: new Set(), cut: new Set(), gaps: new Set() },
  }
  const server = createServer((request, response) => {
    handle(state, request, response).catch((error: unknown) => {
      state.gaps.add(`overlay: ${error}`)
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { closed, calls, cut, gaps } = state
  return {
    ...{ endpoint: `http://127.0.0.1:${port}`, closed, calls, cut, gaps },
    world: (accountId, region) => worldOf(state, { accountId, region }),
    mend: (name, place, mend) => setMend(state, name, place, (text) => JSON.stringify(mend(JSON.parse(text)))),
    mendText: (name, place, mend) => setMend(state, name, place, mend),
    rename: (accountId, ours, motos) => state.names.add(accountId, ours, motos),
    close: () => stopped(server),
  }
}

function setMend({ mends }: State, name: string, { accountId, region }: Place, mend: MendText): void {
  mends.set(`${name} ${accountId} ${region}`, mend)
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await bodyOf(request)
  const call = spoken(request, text)
  const place = placeOf(request, state.accounts)
  state.calls.push({ ...place, service: call.service, operation: call.operation })
  try {
    const answer = await answered(state, place, call, request, text)
    response.writeHead(answer.status, answer.headers).end(answer.text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { type, text: words } = writtenError(call, error)
    response.writeHead(error.status, { 'content-type': type, 'x-amzn-errortype': error.code }).end(words)
  }
}

/** @throws Refusal */
async function answered(
  state: State,
  place: Place,
  call: Spoken,
  request: IncomingMessage,
  text: string,
): Promise<HttpAnswer> {
  const { service, operation, body } = call
  const world = worldOf(state, place)
  if (isOwn(world, call)) return ownAnswer(call, serve(world, call))
  if (operation === 'AssumeRole') refuseClosed(state, body.RoleArn)
  const cut = cutOf(service, operation, body, state.pageSize)
  const answer = await forwardRenamed(state, place, request, text, cut?.whole ?? [])
  if (isNoAnswer(answer)) {
    state.gaps.add(`${service}:${operation}`)
    throw new Refusal('UnknownOperationException')
  }
  if (operation === 'AssumeRole') rememberKey(state.accounts, body.RoleArn, answer.text)
  return answer.status === 200
    ? pageOf(state, cut, `${service}:${operation}`, mended(state, place, call, answer))
    : answer
}

function mended({ mends }: State, { accountId, region }: Place, { service, operation }: Spoken, answer: HttpAnswer) {
  const mend = mends.get(`${service}:${operation} ${accountId} ${region}`)
  return mend === undefined ? answer : { ...answer, text: mend(answer.text) }
}

function pageOf(state: State, cut: Cut | undefined, name: string, answer: HttpAnswer): HttpAnswer {
  if (cut === undefined) return answer
  const { text, last } = cut.page(answer.text)
  if (!last) state.cut.add(name)
  return { ...answer, text }
}

function refuseClosed({ closed }: State, roleArn: unknown): void {
  if (closed.has(accountOf(roleArn))) {
    throw new Refusal('AccessDenied', 403, `not authorized to perform: sts:AssumeRole on ${roleArn}`)
  }
}

function worldOf({ worlds }: State, { accountId, region }: Place): World {
  const key = `${accountId} ${region}`
  const world = worlds.get(key) ?? newWorld(accountId, region)
  worlds.set(key, world)
  return world
}

function stopped(server: ReturnType<typeof createServer>): Promise<void> {
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
  services.set(
    'config',
    configQueryService({ accountId, region }, { ...emptyConfig(), recorders: [], recorderStatuses: [] }),
  )
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

function ownAnswer(call: Spoken, value: unknown): HttpAnswer {
  const { type, text } = written(call, value)
  return { status: 200, headers: { 'content-type': type }, text }
}

/** moto's own account when the key is none that AssumeRole gave. */
function placeOf(request: IncomingMessage, accounts: ReadonlyMap<string, string>): Place {
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

interface HttpAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string
}

/** moto hears its own names of things, and its answer tells ours. */
async function forwardRenamed(
  { motoEndpoint, names }: State,
  { accountId }: Place,
  request: IncomingMessage,
  text: string,
  without: readonly string[],
): Promise<HttpAnswer> {
  const url = new URL(names.motos(accountId, request.url ?? '/'), motoEndpoint)
  const answer = await forward(url, request, names.motos(accountId, text), without)
  return { ...answer, text: names.ours(accountId, answer.text) }
}

/** moto is asked for everything at once: parameters of paging do not reach it. */
async function forward(
  url: URL,
  request: IncomingMessage,
  text: string,
  without: readonly string[],
): Promise<HttpAnswer> {
  for (const name of without) url.searchParams.delete(name)
  const headers = new Headers()
  for (const name of [
    'authorization',
    'content-type',
    'x-amz-target',
    'x-amz-date',
    'x-amz-security-token',
    'accept',
  ]) {
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
function isNoAnswer({ status, text }: HttpAnswer): boolean {
  return status >= 500 || /^\s*<(?:!doctype html|html)/i.test(text)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
