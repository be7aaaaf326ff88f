// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import type { SecurityHubClient } from '@aws-sdk/client-securityhub'
import { findingsPage } from './get-findings.ts'
import { clientOf } from './in-process.ts'
import { Refusal } from './refusal.ts'

/** Where a finding stands for those who work with it. */
export type Workflow = 'NEW' | 'NOTIFIED' | 'RESOLVED' | 'SUPPRESSED'

/** A finding as Security Hub holds it. */
export interface HeldFinding {
  /** As last imported. */
  readonly finding: any
  readonly workflow: Workflow
  /** CreatedAt of the first import. */
  readonly createdAt: string
  /** When it was last taken in, milliseconds since the epoch. */
  readonly processedAt: number
}

/** Security Hub of one account and region on a clock of the test. */
export interface FakeSecurityHub {
  enabled: boolean
  /** Error code a single finding fails with; undefined when it is taken. */
  failing: (finding: any) => string | undefined
  /** Code and status a call fails with; undefined when it is answered. */
  refusing: (call: number) => Refusal | undefined
  /** Findings of each BatchImportFindings call that came in, answered or not. */
  readonly calls: (readonly any[])[]
  /** Each time a workflow went back to NEW by itself, the id. */
  readonly reopened: string[]
  serve(operation: string, body: any): unknown
  readonly client: Pick<SecurityHubClient, 'send'>
  /** What is held now. */
  held(id: string): HeldFinding | undefined
  /** Everything that is held now. */
  all(): readonly HeldFinding[]
  /** What reading shows: what was held a while ago. */
  shown(id: string): HeldFinding | undefined
  /** What a person does. */
  work(id: string, workflow: Workflow): void
}

const day = 86_400_000
/** Days a finding is kept after the later of its processing and its UpdatedAt. */
const retention = { ACTIVE: 90, ARCHIVED: 30 }
const rate = { perSecond: 10, burst: 30 }
const openStates: readonly string[] = ['FAILED', 'WARNING', 'NOT_AVAILABLE']

/** An enabled Security Hub without findings; reading lags behind by `readLag` milliseconds. */
export function fakeSecurityHub(options: {
  readonly accountId: string
  readonly region: string
  readonly now: () => number
  readonly readLag?: number
}): FakeSecurityHub {
  const { accountId, now, readLag = 0 } = options
  const versions = new Map<string, HeldFinding[]>()
  const bucket = { tokens: rate.burst, at: now() }
  const at = (id: string, time: number) => {
    const latest = versions.get(id)?.findLast((version) => version.processedAt <= time)
    return latest !== undefined && expiry(latest) > time ? latest : undefined
  }
  const store = (id: string, version: HeldFinding) => versions.set(id, [...(versions.get(id) ?? []), version])

  const hub: FakeSecurityHub = {
    enabled: true,
    failing: () => undefined,
    refusing: () => undefined,
    calls: [],
    reopened: [],
    serve,
    client: clientOf(serve),
    held: (id) => at(id, now()),
    all: () => [...versions.keys()].flatMap((id) => at(id, now()) ?? []),
    shown: (id) => at(id, now() - readLag),
    work: (id, workflow) => {
      const held = at(id, now())
      // Not the provider's update: UpdatedAt and what was imported stay.
      if (held) versions.get(id)!.push({ ...held, workflow })
    },
  }
  return hub

  function serve(operation: string, body: any): unknown {
    if (operation === 'GetFindings') return shownFindings(body)
    if (operation !== 'BatchImportFindings') throw new Refusal('UnknownOperationException')
    hub.calls.push(body.Findings ?? [])
    const refusal = hub.refusing(hub.calls.length)
    if (refusal) throw refusal
    if (!hub.enabled) throw new Refusal('InvalidAccessException', 401)
    if (!takeToken(bucket, now())) throw new Refusal('LimitExceededException', 429)
    return imported(body)
  }

  function imported(body: any) {
    const list: any[] = body.Findings ?? []
    if (list.length < 1 || list.length > 100) throw new Refusal('InvalidInputException')
    if (Buffer.byteLength(JSON.stringify(body)) > 6_000_000) throw new Refusal('InvalidInputException')
    const product = new RegExp(`:product/${accountId}/default$`)
    for (const one of list) {
      const own = one.AwsAccountId === accountId && product.test(one.ProductArn)
      if (!own) throw new Refusal('AccessDeniedException', 403)
    }
    const FailedFindings = list.flatMap((one) => {
      const code = hub.failing(one) ?? (keepsLimits(one) ? undefined : 'InvalidInput')
      if (code === undefined) take(one)
      return code === undefined ? [] : [{ Id: one.Id, ErrorCode: code, ErrorMessage: code }]
    })
    const FailedCount = FailedFindings.length
    return { SuccessCount: list.length - FailedCount, FailedCount, FailedFindings }
  }

  function take(finding: any): void {
    const held = at(finding.Id, now())
    if (held && Date.parse(finding.UpdatedAt) <= Date.parse(held.finding.UpdatedAt)) return
    const reopens = held !== undefined && reopensWork(held, finding)
    if (reopens) hub.reopened.push(finding.Id)
    store(finding.Id, {
      finding: { ...finding, CreatedAt: held?.createdAt ?? finding.CreatedAt },
      workflow: reopens ? 'NEW' : (held?.workflow ?? 'NEW'),
      createdAt: held?.createdAt ?? finding.CreatedAt,
      processedAt: now(),
    })
  }

  function shownFindings(body: any) {
    const shown = [...versions.keys()].flatMap((id) => at(id, now() - readLag) ?? [])
    return findingsPage(
      shown.map((one) => ({ ...one.finding, Workflow: { Status: one.workflow } })),
      body,
    )
  }
}

function expiry({ finding, processedAt }: HeldFinding): number {
  const days = finding.RecordState === 'ARCHIVED' ? retention.ARCHIVED : retention.ACTIVE
  return Math.max(processedAt, Date.parse(finding.UpdatedAt)) + days * day
}

/** Work that was done is open again; what was suppressed stays so. */
function reopensWork({ finding: before, workflow }: HeldFinding, after: any): boolean {
  if (workflow !== 'NOTIFIED' && workflow !== 'RESOLVED') return false
  const back = before.RecordState === 'ARCHIVED' && after.RecordState !== 'ARCHIVED'
  const worse = before.Compliance?.Status === 'PASSED' && openStates.includes(after.Compliance?.Status)
  return back || worse
}

function takeToken(bucket: { tokens: number; at: number }, now: number): boolean {
  bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond)
  bucket.at = now
  if (bucket.tokens < 1) return false
  bucket.tokens -= 1
  return true
}

/** The limits Security Hub documents for a finding. */
function keepsLimits(one: any): boolean {
  const within = (text: any, max: number) => typeof text === 'string' && /\S/.test(text) && text.length <= max
  const fields = Object.entries(one.ProductFields ?? {})
  return (
    Buffer.byteLength(JSON.stringify(one)) <= 240_000 &&
    within(one.Id, 512) &&
    within(one.GeneratorId, 512) &&
    within(one.Title, 256) &&
    within(one.Description, 1024) &&
    Array.isArray(one.Resources) &&
    one.Resources.length >= 1 &&
    one.Resources.length <= 32 &&
    fields.length <= 50 &&
    fields.every(([key, value]) => within(key, 128) && within(value, 2048))
  )
}
