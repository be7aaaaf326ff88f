// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FakeAutoScaling, serveAutoScaling } from './auto-scaling.ts'
import { emptyEc2, type FakeEc2, serveEc2 } from './ec2.ts'
import { type FakeEcs, serveEcs } from './ecs.ts'
import { type FakeEks, serveEks } from './eks.ts'
import { findingsPage } from './get-findings.ts'
import { type FakeIam, serveIam } from './iam.ts'
import { Refusal } from './refusal.ts'
import { type FakeRoute53, serveRoute53 } from './route53.ts'
import { type Spoken, spoken, written, writtenError } from './wire.ts'

/** A request as the server saw it. */
export interface LoggedCall {
  /** As in IAM actions: `ecr`, `ec2`, `ecs`, `eks`, `iam`, `autoscaling`, `route53`, `config`, `securityhub`. */
  readonly service: string
  readonly operation: string
  readonly body: any
}

/** How a call goes wrong. */
export type Fault =
  | { readonly error: string; readonly status?: number; readonly message?: string }
  | { readonly answer: unknown }
  | { readonly text: string; readonly status?: number }
  | { readonly hang: true }

/** What the fake account holds. */
export interface FakeState {
  readonly accountId: string
  readonly region: string
  /** Result token that PutEvaluations takes. */
  token: string
  /** Repository name to policy text; undefined for a repository without a policy. */
  readonly repositories: Map<string, string | undefined>
  /** Repository name to lifecycle policy text. */
  readonly lifecyclePolicies: Map<string, string>
  registryPolicy?: string
  /** `signingConfiguration`; none is set when undefined. */
  signing?: unknown
  scanning: unknown
  cacheRules: unknown[]
  creationTemplates: unknown[]
  /** Pages of GetResourceConfigHistory. */
  history: { configurationItems: unknown[]; nextToken?: string }[]
  hubEnabled: boolean
  readonly iam: FakeIam
  readonly ecs: FakeEcs
  readonly eks: FakeEks
  readonly ec2: FakeEc2
  readonly autoScaling: FakeAutoScaling
  readonly route53: FakeRoute53
  /**
   * Answers of operations (`service:operation`) and of whole services (`service`) that this file does not serve itself; looked
   * up in this order and before anything else, so that a test can also replace one answer.
   */
  readonly services: Map<string, (operation: string, body: any) => unknown>
  /** Decides about each call; n counts calls of the operation from 1. */
  plan: (operation: string, n: number, body: any) => Fault | undefined
}

export interface FakeAws {
  readonly endpoint: string
  readonly state: FakeState
  readonly calls: LoggedCall[]
  /** Evaluations that were stored, in order, without those ordered years ago: these only prove a result token. */
  readonly evaluations: any[]
  /** Evaluation AWS Config shows for each `type id`: the one with the newest ordering time. */
  readonly compliance: Map<string, any>
  /** Findings that were stored, by id. */
  readonly findings: Map<string, any>
  close(): Promise<void>
}

/** One server that speaks the protocols of AWS Config, ECR, EC2, ECS, EKS, IAM, Route 53 and Security Hub, and keeps to their limits. */
export async function startFakeAws(accountId = '111122223333', region = 'eu-central-1'): Promise<FakeAws> {
  const world = emptyWorld(accountId, region)
  const { state, evaluations, compliance, findings } = world
  const calls: LoggedCall[] = []
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = spoken(request, Buffer.concat(chunks).toString())
      const { service, operation, body } = call
      const n = (counts.get(`${service}:${operation}`) ?? 0) + 1
      counts.set(`${service}:${operation}`, n)
      calls.push({ service, operation, body })
      answer(response, call, () => serve(world, call), state.plan(operation, n, body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    state,
    calls,
    evaluations,
    compliance,
    findings,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** What one account and region hold, and what was written into them. */
export interface World {
  readonly state: FakeState
  readonly evaluations: any[]
  readonly compliance: Map<string, any>
  readonly findings: Map<string, any>
}

/** An account and region that hold nothing. */
export function emptyWorld(accountId: string, region: string): World {
  const state: FakeState = {
    accountId,
    region,
    token: 'token-1',
    repositories: new Map(),
    lifecyclePolicies: new Map(),
    scanning: { scanType: 'BASIC', rules: [] },
    cacheRules: [],
    creationTemplates: [],
    history: [],
    hubEnabled: true,
    iam: { roles: [], policies: [], instanceProfiles: [], pageSize: 100 },
    ecs: { clusters: [], services: [], taskDefinitions: [], capacityProviders: [] },
    eks: { clusters: [], nodegroups: [], fargateProfiles: [] },
    ec2: emptyEc2(),
    autoScaling: { groups: [], pageSize: 100 },
    route53: { zones: [], pageSize: 100 },
    services: new Map(),
    plan: () => undefined,
  }
  return { state, evaluations: [], compliance: new Map(), findings: new Map() }
}

function answer(response: ServerResponse, call: Spoken, serveCall: () => unknown, fault: Fault | undefined): void {
  if (fault && 'hang' in fault) return
  const send = (status: number, { type, text }: { type: string; text: string }) =>
    response.writeHead(status, { 'content-type': type }).end(text)
  if (fault && 'text' in fault) return void send(fault.status ?? 200, { ...written(call, {}), text: fault.text })
  try {
    if (fault && 'error' in fault) throw new Refusal(fault.error, fault.status, fault.message)
    send(200, written(call, fault && 'answer' in fault ? fault.answer : serveCall()))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    response.setHeader('x-amzn-errortype', error.code)
    send(error.status, writtenError(call, error))
  }
}

/** Answers a call as the service would. @throws Refusal */
export function serve(world: World, { service, operation, body }: Spoken): unknown {
  const { state } = world
  const own = state.services.get(`${service}:${operation}`) ?? state.services.get(service)
  if (own !== undefined) return own(operation, body)
  switch (service) {
    case 'iam':
      return serveIam(state.iam, state.accountId, operation, body)
    case 'ecs':
      return serveEcs(state.ecs, operation, body)
    case 'eks':
      return serveEks(state.eks, operation, body)
    case 'ec2':
      return serveEc2(state.ec2, operation, body)
    case 'autoscaling':
      return serveAutoScaling(state.autoScaling, operation, body)
    case 'route53':
      return serveRoute53(state.route53, operation, body)
    default:
      return serveRegistryAndSinks(world, operation, body)
  }
}

function serveRegistryAndSinks(world: World, operation: string, body: any): unknown {
  const { state } = world
  switch (operation) {
    case 'PutEvaluations':
      return putEvaluations(world, body)
    case 'GetResourceConfigHistory':
      return state.history[Number(body.nextToken ?? 0)] ?? { configurationItems: [] }
    case 'BatchImportFindings':
      return importFindings(world, body)
    case 'GetFindings':
      if (!state.hubEnabled) throw new Refusal('InvalidAccessException', 401)
      return findingsPage([...world.findings.values()], body)
    case 'DescribeRepositories': {
      if (body.repositoryNames) {
        return { repositories: body.repositoryNames.map((name: string) => described(state, name)) }
      }
      const { page, nextToken } = pageOf([...state.repositories.keys()], body)
      return { repositories: page.map((name) => described(state, name)), nextToken }
    }
    case 'GetRepositoryPolicy': {
      described(state, body.repositoryName)
      const policyText = state.repositories.get(body.repositoryName)
      if (policyText === undefined) throw new Refusal('RepositoryPolicyNotFoundException')
      return { registryId: state.accountId, repositoryName: body.repositoryName, policyText }
    }
    case 'GetLifecyclePolicy': {
      described(state, body.repositoryName)
      const lifecyclePolicyText = state.lifecyclePolicies.get(body.repositoryName)
      if (lifecyclePolicyText === undefined) throw new Refusal('LifecyclePolicyNotFoundException')
      return { registryId: state.accountId, repositoryName: body.repositoryName, lifecyclePolicyText }
    }
    case 'GetRegistryPolicy':
      if (state.registryPolicy === undefined) throw new Refusal('RegistryPolicyNotFoundException')
      return { registryId: state.accountId, policyText: state.registryPolicy }
    case 'GetAccountSetting':
      return { name: body.name, value: 'V2' }
    case 'GetRegistryScanningConfiguration':
      return { registryId: state.accountId, scanningConfiguration: state.scanning }
    case 'GetSigningConfiguration':
      if (state.signing === undefined) throw new Refusal('SigningConfigurationNotFoundException')
      return { registryId: state.accountId, signingConfiguration: state.signing }
    case 'DescribePullThroughCacheRules': {
      const { page, nextToken } = pageOf(state.cacheRules, body)
      return { pullThroughCacheRules: page, nextToken }
    }
    case 'DescribeRepositoryCreationTemplates': {
      const { page, nextToken } = pageOf(state.creationTemplates, body)
      return { repositoryCreationTemplates: page, nextToken }
    }
    default:
      throw new Refusal('UnknownOperationException')
  }
}

/** ECR hands over at most `maxResults` entries and a token for the rest. */
function pageOf<T>(all: readonly T[], body: any): { page: readonly T[]; nextToken?: string } {
  const start = Number(body.nextToken ?? 0)
  const end = start + (body.maxResults ?? 100)
  return { page: all.slice(start, end), ...(end < all.length ? { nextToken: String(end) } : {}) }
}

function described(state: FakeState, name: string) {
  if (!state.repositories.has(name)) throw new Refusal('RepositoryNotFoundException')
  return {
    repositoryArn: `arn:aws:ecr:${state.region}:${state.accountId}:repository/${name}`,
    registryId: state.accountId,
    repositoryName: name,
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: { encryptionType: 'AES256' },
  }
}

/** Seconds since 1970: before anything that happens in a test. */
const longAgo = Date.parse('2023-01-01') / 1_000

function putEvaluations({ state, evaluations, compliance }: World, body: any) {
  const list = body.Evaluations ?? []
  checkEvaluations(list)
  if (body.ResultToken !== state.token) throw new Refusal('InvalidResultTokenException')
  evaluations.push(...list.filter((one: any) => one.OrderingTimestamp > longAgo))
  for (const one of list) keepNewest(compliance, one)
  return { FailedEvaluations: [] }
}

/** Keeps to the limits of PutEvaluations. @throws Refusal */
export function checkEvaluations(list: readonly any[]): void {
  if (list.length > 100) throw new Refusal('ValidationException')
  for (const one of list) {
    const texts = typeof one.ComplianceResourceType === 'string' && typeof one.ComplianceResourceId === 'string'
    const known = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE'].includes(one.ComplianceType)
    const note = one.Annotation === undefined || (one.Annotation.length >= 1 && one.Annotation.length <= 256)
    if (!texts || !note || typeof one.OrderingTimestamp !== 'number') throw new Refusal('ValidationException')
    if (!known || !/^AWS::/.test(one.ComplianceResourceType)) throw new Refusal('InvalidParameterValueException')
  }
}

/** What AWS Config shows: of the results on one resource, the one with the newest ordering time. */
export function keepNewest(compliance: Map<string, any>, one: any): void {
  const key = `${one.ComplianceResourceType} ${one.ComplianceResourceId}`
  const held = compliance.get(key)
  if (held === undefined || held.OrderingTimestamp <= one.OrderingTimestamp) compliance.set(key, one)
}

function importFindings({ state, findings }: World, body: any) {
  if (!state.hubEnabled) throw new Refusal('InvalidAccessException', 401)
  const list = body.Findings ?? []
  if (list.length < 1 || list.length > 100) throw new Refusal('InvalidInputException')
  for (const one of list) {
    const small =
      Buffer.byteLength(JSON.stringify(one)) <= 240_000 && one.Title.length <= 256 && one.Description.length <= 1024
    if (!small) throw new Refusal('InvalidInputException')
    if (one.AwsAccountId !== state.accountId) throw new Refusal('AccessDeniedException', 403)
  }
  if (Buffer.byteLength(JSON.stringify(body)) > 6_000_000) throw new Refusal('LimitExceededException', 429)
  // Security Hub passes over what is older than what it has.
  for (const one of list) {
    const held = findings.get(one.Id)
    if (held === undefined || held.UpdatedAt <= one.UpdatedAt) findings.set(one.Id, one)
  }
  return { SuccessCount: list.length, FailedCount: 0, FailedFindings: [] }
}
