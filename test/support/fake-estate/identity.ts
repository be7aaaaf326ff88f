// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../fake-aws/refusal.ts'
import { denied } from './faults.ts'

/** Who signed a request, and for where. */
export interface Signature {
  readonly accountId: string
  readonly region: string
  /** Temporary keys count up from 1; 0 for keys that do not run out. */
  readonly serial: number
}

/** Keys as the SDK takes them. */
export interface FakeKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The role by which an account lets the reader in. */
export interface ReaderRole {
  readonly roleName: string
  /** `/` or `/path/`. */
  readonly path: string
  readonly externalId?: string
  /** Undefined: anybody of the estate may assume it. */
  readonly trusts?: readonly string[]
}

/** Keys of an account that do not run out. */
export function keysOf(accountId: string): FakeKeys {
  return { accessKeyId: `AKIA${accountId}HOME`, secretAccessKey: 'secret' }
}

/** Who signed a request; undefined for an unsigned one. */
export function signatureOf(request: IncomingMessage): Signature | undefined {
  const header = request.headers.authorization ?? ''
  const found = /Credential=(AKIA|ASIA)(\d{12})(\w+)\/\d{8}\/([\w-]+)\//.exec(header)
  if (found === null) return undefined
  const [, kind, accountId = '', serial, region = ''] = found
  // Temporary keys are nothing without their token.
  if (kind === 'ASIA' && request.headers['x-amz-security-token'] !== `token-${accountId}-${serial}`) return undefined
  return { accountId, region, serial: kind === 'ASIA' ? Number(serial) : 0 }
}

/** What STS has to know. */
export interface StsState {
  readonly accounts: ReadonlyMap<string, { readonly status: string; readonly role?: ReaderRole }>
  /** Milliseconds the keys of AssumeRole last. */
  readonly lifetime: number
  serial: number
}

/** Answers a call of STS. @throws Refusal */
export function serveSts(sts: StsState, caller: Signature, operation: string, body: any): unknown {
  switch (operation) {
    case 'GetCallerIdentity':
      return { Account: caller.accountId, UserId: 'AROAREADER:run', Arn: callerArnOf(sts, caller) }
    case 'AssumeRole':
      return assumeRole(sts, caller, body)
    default:
      throw new Refusal('InvalidAction')
  }
}

/** The ARN STS gives for a caller: the role of the reader in its account. */
export function callerArnOf(sts: Pick<StsState, 'accounts'>, { accountId }: Pick<Signature, 'accountId'>): string {
  return `arn:aws:sts::${accountId}:assumed-role/${sts.accounts.get(accountId)?.role?.roleName ?? 'reader'}/run`
}

function assumeRole(sts: StsState, caller: Signature, body: any): unknown {
  const [, accountId = '', resource = ''] = /^arn:aws:iam::(\d{12}):role(\/.+)$/.exec(String(body.RoleArn)) ?? []
  const account = sts.accounts.get(accountId)
  const role = account?.role
  const trusted = role?.trusts === undefined || role.trusts.includes(caller.accountId)
  // STS says the same whatever is wrong: it tells nobody which roles there are.
  if (account?.status !== 'ACTIVE' || role === undefined || !trusted) throw denied('sts')
  if (resource !== `${role.path}${role.roleName}` || body.ExternalId !== role.externalId) throw denied('sts')
  if (!/^[\w+=,.@-]{2,64}$/.test(String(body.RoleSessionName))) throw new Refusal('ValidationError')
  const serial = ++sts.serial
  return {
    Credentials: {
      AccessKeyId: `ASIA${accountId}${serial}`,
      SecretAccessKey: 'secret',
      SessionToken: `token-${accountId}-${serial}`,
      Expiration: new Date(Date.now() + sts.lifetime).toISOString(),
    },
    AssumedRoleUser: {
      AssumedRoleId: 'AROAREADER:run',
      Arn: `arn:aws:sts::${accountId}:assumed-role/${role.roleName}/${body.RoleSessionName}`,
    },
  }
}
