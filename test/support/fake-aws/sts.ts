// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { Refusal } from './refusal.ts'

/** STS as one identity sees it. */
export interface FakeSts {
  /** Who calls. */
  accountId: string
  callerArn: string
  /** Roles by ARN. */
  readonly roles: Map<string, FakeAssumableRole>
  /** Milliseconds since 1970, for the expiry of credentials. */
  now: () => number
  /** Credentials made so far: each has another number. */
  made: number
}

/** A role that trusts the caller. */
export interface FakeAssumableRole {
  readonly externalId?: string
  /** Seconds; what was asked for when missing. */
  readonly lasts?: number
}

/** STS of an account whose caller is a user. */
export function fakeSts(accountId = '111122223333', now: () => number = Date.now): FakeSts {
  return { accountId, callerArn: `arn:aws:iam::${accountId}:user/auditor`, roles: new Map(), now, made: 0 }
}

/** Like the service, it refuses roles that are missing, do not trust the caller or want another external id in the same words. */
export function stsService(sts: FakeSts): (operation: string, body: any) => unknown {
  return (operation, body) => {
    switch (operation) {
      case 'GetCallerIdentity':
        return { Account: sts.accountId, Arn: sts.callerArn, UserId: 'AIDAEXAMPLE' }
      case 'AssumeRole':
        return assumed(sts, body)
      default:
        throw new Refusal('InvalidAction')
    }
  }
}

function assumed(sts: FakeSts, body: any) {
  const seconds = Number(body.DurationSeconds ?? 3_600)
  const named = /^[\w+=,.@-]{2,64}$/.test(body.RoleSessionName ?? '')
  if (!named || seconds < 900 || seconds > 43_200) throw new Refusal('ValidationError')
  const role = sts.roles.get(body.RoleArn)
  if (role === undefined || role.externalId !== (role.externalId && body.ExternalId)) {
    throw new Refusal('AccessDenied', 403, `User: ${sts.callerArn} is not authorized to perform: sts:AssumeRole`)
  }
  sts.made++
  const [, , , , account, resource] = String(body.RoleArn).split(':')
  const name = resource?.split('/').at(-1)
  return {
    Credentials: {
      AccessKeyId: `ASIAEXAMPLE${sts.made}`,
      SecretAccessKey: 'secret',
      SessionToken: `token-${sts.made}`,
      Expiration: new Date(sts.now() + (role.lasts ?? seconds) * 1_000).toISOString(),
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROAEXAMPLE:${body.RoleSessionName}`,
      Arn: `arn:aws:sts::${account}:assumed-role/${name}/${body.RoleSessionName}`,
    },
  }
}
