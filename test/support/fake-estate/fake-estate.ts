import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve, type World } from '../fake-aws/fake-aws.ts'
import { type Spoken, spoken } from '../fake-aws/wire.ts'
import {
  type CountedCall,
  expired,
  type FaultAnswer,
  faultFor,
  type PlannedFault,
  respond,
  unrecognized,
} from './faults.ts'
import { type ReaderRole, type Signature, type StsState, serveSts, signatureOf } from './identity.ts'

/** An account of the estate. */
export interface FakeAccount {
  readonly accountId: string
  readonly status: 'ACTIVE' | 'SUSPENDED'
  /** Undefined: nobody can enter the account. */
  readonly role?: ReaderRole
  /** The world of services without regions: IAM, Route 53, Organizations. */
  readonly global: World
  /** Enabled regions. */
  readonly regions: ReadonlyMap<string, World>
}

/** A request as the server counted it, with the fault it met. */
export interface EstateCall extends CountedCall {
  readonly fault?: FaultAnswer
}

/** A running organization. */
export interface FakeEstate {
  readonly endpoint: string
  readonly accounts: ReadonlyMap<string, FakeAccount>
  /** Every request since the start or the last `restart`, in the order of arrival. */
  readonly calls: readonly EstateCall[]
  /** What goes wrong from now on. */
  plan: readonly PlannedFault[]
  /** Milliseconds an answer waits. */
  delay: (() => number) | undefined
  /** Called with every request before it is answered. */
  onCall: ((call: EstateCall) => void) | undefined
  /** Forgets calls and counts, and what goes wrong. */
  restart(): void
  /** The keys AssumeRole has handed out so far run out now. */
  expireKeys(): void
  close(): Promise<void>
}

const servicesWithoutRegions = new Set(['iam', 'route53', 'organizations'])

/**
 * One server that holds an organization. The account of a request is the one of its access key, the region the one it was
 * signed for; a key nobody handed out and a region that is not enabled are refused as the services refuse them.
 */
export async function startFakeEstate(
  accounts: readonly FakeAccount[],
  options: { readonly keysLast?: number } = {},
): Promise<FakeEstate> {
  const held = new Map(accounts.map((account) => [account.accountId, account]))
  const sts: StsState = { accounts: held, lifetime: options.keysLast ?? 3_600_000, serial: 0 }
  const counts = new Map<string, number>()
  const calls: EstateCall[] = []
  const waiting = new Set<NodeJS.Timeout>()
  const later = (answer: () => void, wait: number) => {
    const timer = setTimeout(() => {
      waiting.delete(timer)
      answer()
    }, wait)
    waiting.add(timer)
  }
  let expiredUpTo = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = spoken(request, Buffer.concat(chunks).toString())
      const signature = signatureOf(request)
      const counted = count(counts, call, signature)
      const fault = faultFor(estate.plan, counted)
      const logged = fault === undefined ? counted : { ...counted, fault }
      calls.push(logged)
      estate.onCall?.(logged)
      const answer = () => respond(response, call, (asked) => answerOf(asked, signature), fault)
      const wait = estate.delay?.() ?? 0
      if (wait === 0) answer()
      else later(answer, wait)
    })
  })
  const answerOf = (call: Spoken, signature: Signature | undefined): unknown => {
    const account = held.get(signature?.accountId ?? '')
    if (signature === undefined || account?.status !== 'ACTIVE') throw unrecognized(call.service)
    if (signature.serial > 0 && signature.serial <= expiredUpTo) throw expired(call.service)
    if (call.service === 'sts') return serveSts(sts, signature, call.operation, call.body)
    const world = servicesWithoutRegions.has(call.service) ? account.global : account.regions.get(signature.region)
    if (world === undefined) throw unrecognized(call.service)
    return serve(world, call)
  }
  const estate: FakeEstate = {
    endpoint: '',
    accounts: held,
    calls,
    plan: [],
    delay: undefined,
    onCall: undefined,
    restart: () => {
      counts.clear()
      calls.length = 0
      estate.plan = []
      estate.delay = undefined
      estate.onCall = undefined
    },
    expireKeys: () => {
      expiredUpTo = sts.serial
    },
    close: () =>
      new Promise((resolve) => {
        for (const timer of waiting) clearTimeout(timer)
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(estate, { endpoint: `http://127.0.0.1:${port}` })
}

function count(counts: Map<string, number>, call: Spoken, signature: Signature | undefined): CountedCall {
  const { service, operation, body } = call
  const accountId = signature?.accountId ?? 'unsigned'
  const region = servicesWithoutRegions.has(service) ? 'global' : (signature?.region ?? 'unsigned')
  const key = `${accountId} ${region} ${service}:${operation}`
  const n = (counts.get(key) ?? 0) + 1
  counts.set(key, n)
  return { accountId, region, service, operation, n, body }
}
