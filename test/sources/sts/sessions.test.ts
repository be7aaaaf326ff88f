import { STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AssumeOptions, assumeSession } from '../../../shared/sources/sts/assume-session.ts'
import type { SessionOutcome } from '../../../shared/sources/sts/caller-identity.ts'
import { openSession } from '../../../shared/sources/sts/open-session.ts'
import { permissions } from '../../../shared/sources/sts/permissions.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeSts, fakeSts, stsService } from '../../support/fake-aws/sts.ts'
import { faults } from '../ecr/reading.ts'
import { actionsCalled } from '../readers.ts'

const start = Date.parse('2026-03-01T12:00:00Z')
const target = '222233334444'
const roleArn = `arn:aws:iam::${target}:role/audit/reader`

/** STS of the account we start in, and of the account whose role we assume. */
let home: FakeAws
let away: FakeAws
let homeSts: FakeSts
let awaySts: FakeSts
let clock: number
beforeEach(async () => {
  clock = start
  home = await startFakeAws()
  away = await startFakeAws(target)
  homeSts = fakeSts('111122223333', () => clock)
  awaySts = { ...fakeSts(target), callerArn: `arn:aws:sts::${target}:assumed-role/reader/pullpath` }
  homeSts.roles.set(roleArn, {})
  home.state.services.set('sts', stsService(homeSts))
  away.state.services.set('sts', stsService(awaySts))
})
afterEach(() => Promise.all([home.close(), away.close()]))

const own: AwsCredentialIdentity = { accessKeyId: 'own', secretAccessKey: 'secret' }
const stsAt = (fake: FakeAws, credentials: AwsCredentialIdentity | (() => Promise<AwsCredentialIdentity>) = own) =>
  new STSClient({ region: 'eu-central-1', endpoint: fake.endpoint, credentials, maxAttempts: 1 })
const open = (make = async () => own, profile?: string) =>
  openSession(stsAt(home), make, {
    now: () => clock,
    callTimeout: 2_000,
    ...(profile === undefined ? {} : { profile }),
  })
const assume = (changes: Partial<AssumeOptions> = {}) =>
  assumeSession({
    client: stsAt(home),
    connect: (credentials) => stsAt(away, credentials),
    partition: 'aws',
    accountId: target,
    roleName: 'audit/reader',
    sessionName: 'pullpath',
    now: () => clock,
    callTimeout: 2_000,
    ...changes,
  })
const session = (outcome: SessionOutcome) => {
  if (outcome.state !== 'open') throw new Error(outcome.reason)
  return outcome.session
}
const failing = (fake: FakeAws, operation: string, fault: Fault | undefined) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}

describe('a session of our own credentials', () => {
  it('says whose they are', async () => {
    const { accountId, callerArn, credentials } = session(await open())
    expect([accountId, callerArn]).toEqual(['111122223333', 'arn:aws:iam::111122223333:user/auditor'])
    expect(await credentials()).toEqual(own)
  })

  it('B6 is refused with the way to sign in when the SSO session has expired, without a call', async () => {
    const error = Object.assign(new Error('Token is expired.'), { name: 'TokenProviderError' })
    expect(await open(() => Promise.reject(error), 'dev')).toEqual({
      state: 'refused',
      reason: 'profile dev: the SSO session has expired; run aws sso login --profile dev',
      transience: 'passing',
    })
    expect(home.calls).toEqual([])
  })

  it('B6 tells the same when the SSO session expires in the middle', async () => {
    let expired = false
    const error = Object.assign(new Error('Token is expired.'), { name: 'TokenProviderError' })
    const make = async () => {
      if (expired) throw error
      return { ...own, expiration: new Date(clock + 3_600_000) }
    }
    const { credentials } = session(await open(make, 'dev'))
    expired = true
    clock += 3_600_000
    await expect(credentials()).rejects.toThrow(
      'profile dev: the SSO session has expired; run aws sso login --profile dev',
    )
  })

  it.each([
    ['InvalidClientTokenId', ': the credentials are not valid', 'lasting'],
    ['SignatureDoesNotMatch', ': the credentials are not valid', 'lasting'],
    ['ExpiredToken', ': the credentials have expired', 'passing'],
    ['Throttling', '', 'passing'],
  ])('is refused when STS answers %s', async (error, meaning, transience) => {
    failing(home, 'GetCallerIdentity', { error, status: 403 })
    const reason = `sts:GetCallerIdentity failed with ${error}${meaning}`
    expect(await open()).toEqual({ state: 'refused', reason, transience })
  })

  it.each([
    ['nothing', {}],
    ['no account', { Account: 'none', Arn: 'arn:aws:iam::111122223333:user/a' }],
    ['an identity of another account', { Account: '111122223333', Arn: `arn:aws:iam::${target}:user/a` }],
  ])('is refused when STS answers %s', async (_, answer) => {
    failing(home, 'GetCallerIdentity', { answer })
    expect(await open()).toMatchObject({ reason: 'sts:GetCallerIdentity failed with MalformedAnswer' })
  })
})

describe('a session in another account', () => {
  it('is one of the role', async () => {
    const { accountId, callerArn, credentials } = session(await assume())
    expect([accountId, callerArn]).toEqual([target, `arn:aws:sts::${target}:assumed-role/reader/pullpath`])
    expect(await credentials()).toEqual({
      accessKeyId: 'ASIAEXAMPLE1',
      secretAccessKey: 'secret',
      sessionToken: 'token-1',
      expiration: new Date(start + 3_600_000),
    })
    expect(home.calls.map(({ body }) => body)).toMatchObject([
      { RoleArn: roleArn, RoleSessionName: 'pullpath', DurationSeconds: '3600' },
    ])
    expect(home.calls[0]?.body).not.toHaveProperty('ExternalId')
  })

  it('hands over the external id that the role wants', async () => {
    homeSts.roles.set(roleArn, { externalId: 'x-1' })
    expect((await assume({ externalId: 'x-1' })).state).toBe('open')
  })

  it.each([
    ['aws', '/audit/reader'],
    ['aws-cn', 'reader'],
  ])('is of a role of the partition %s with or without a path: %s', async (partition, roleName) => {
    const arn = `arn:${partition}:iam::${target}:role/${roleName.replace(/^\//, '')}`
    homeSts.roles.set(arn, {})
    session(await assume({ partition, roleName }))
    expect(home.calls[0]?.body.RoleArn).toBe(arn)
  })

  it.each(['', 'a b', 'audit//reader', 'audit/', 'x'.repeat(65), 'a:b', '*'])(
    'is refused without a call when "%s" is no name of a role',
    async (roleName) => {
      expect(await assume({ roleName })).toEqual({
        state: 'refused',
        reason: `"${roleName}" in account ${target} is not the name of a role`,
        transience: 'lasting',
      })
      expect(home.calls).toEqual([])
    },
  )

  it('needs exactly the actions it states', async () => {
    await open()
    await assume()
    expect(actionsCalled(home)).toEqual(permissions.map(({ action }) => action).sort())
    expect(actionsCalled(away)).toEqual(['sts:GetCallerIdentity'])
  })
})

describe('B4 a role that cannot be assumed', () => {
  const denied = (id: string) =>
    `sts:AssumeRole of ${roleArn} failed with AccessDenied: the role is missing, does not trust this identity or expects ${id}, or the account is suspended`

  it('B4 is named when it is missing', async () => {
    homeSts.roles.clear()
    expect(await assume()).toEqual({ state: 'refused', reason: denied('an external id'), transience: 'lasting' })
  })

  it('B4 is named when the external id is missing or wrong', async () => {
    homeSts.roles.set(roleArn, { externalId: 'x-1' })
    expect(await assume()).toMatchObject({ state: 'refused', reason: denied('an external id') })
    expect(await assume({ externalId: 'x-2' })).toMatchObject({
      state: 'refused',
      reason: denied('another external id'),
    })
  })

  it.each(faults)('B4 is named when the call %s', async (_, fault, error, transience) => {
    failing(home, 'AssumeRole', fault)
    const outcome = await assume('hang' in fault ? { callTimeout: 100 } : {})
    if (outcome.state !== 'refused') throw new Error('open')
    // The query protocol is XML, which has other errors for what is no answer.
    const named = error === 'SyntaxError' || error === 'MalformedAnswer' ? '[A-Za-z]+' : error
    expect(outcome.reason).toMatch(new RegExp(`^sts:AssumeRole of ${roleArn} failed with ${named}`))
    expect(outcome.reason).not.toMatch(/\n/)
    expect(outcome.transience).toBe(transience)
  })

  it('B4 does not say what the service wrote', async () => {
    failing(home, 'AssumeRole', { error: 'AccessDenied', status: 403, message: 'line one\nline two' })
    expect(await assume()).toMatchObject({ reason: denied('an external id') })
  })

  it.each([
    ['without an expiry', { Credentials: { AccessKeyId: 'k', SecretAccessKey: 's', SessionToken: 't' } }],
    ['without a key', { Credentials: { SecretAccessKey: 's', SessionToken: 't', Expiration: '2026-03-01T13:00:00Z' } }],
    ['of another account', { AssumedRoleUser: { Arn: 'arn:aws:sts::333344445555:assumed-role/r/s' } }],
    ['of nobody', { AssumedRoleUser: undefined }],
  ])('is refused when STS answers credentials %s', async (_, change) => {
    const serve = stsService(homeSts)
    home.state.services.set('sts:AssumeRole', (...call) => ({ ...(serve(...call) as object), ...change }))
    expect(await assume()).toMatchObject({ reason: `sts:AssumeRole of ${roleArn} failed with MalformedAnswer` })
  })

  it('is refused when the session turns out to be one of another account', async () => {
    awaySts.accountId = '333344445555'
    awaySts.callerArn = 'arn:aws:sts::333344445555:assumed-role/reader/pullpath'
    const reason = `${roleArn}: STS says that the session is one of account 333344445555`
    expect(await assume()).toEqual({ state: 'refused', reason, transience: 'lasting' })
  })

  it('is refused when nobody says whose the session is', async () => {
    failing(away, 'GetCallerIdentity', { error: 'ServiceUnavailable', status: 503 })
    const reason = `sts:GetCallerIdentity as ${roleArn} failed with ServiceUnavailable`
    expect(await assume()).toEqual({ state: 'refused', reason, transience: 'passing' })
  })

  it('B6 tells when it is our own SSO session that has expired', async () => {
    const error = Object.assign(new Error('Token is expired.'), { name: 'TokenProviderError' })
    const make = () => Promise.reject(error)
    expect(await assume({ client: stsAt(home, make) })).toEqual({
      state: 'refused',
      reason: `sts:AssumeRole of ${roleArn}: the default credentials: the SSO session has expired; run aws sso login`,
      transience: 'passing',
    })
  })

  it('B6 tells when our own credentials have expired', async () => {
    failing(home, 'AssumeRole', { error: 'ExpiredToken', status: 403 })
    const reason = `sts:AssumeRole of ${roleArn} failed with ExpiredToken: the credentials have expired`
    expect(await assume()).toEqual({ state: 'refused', reason, transience: 'passing' })
  })
})

describe('B6 credentials of a role', () => {
  const key = async (from: Awaited<ReturnType<typeof assume>>) => (await session(from).credentials()).accessKeyId

  it('are made anew five minutes before they expire', async () => {
    const assumed = await assume()
    clock += 55 * 60_000 - 1
    expect(await key(assumed)).toBe('ASIAEXAMPLE1')
    clock += 1
    expect(await key(assumed)).toBe('ASIAEXAMPLE2')
    expect(home.calls).toHaveLength(2)
  })

  it('are made anew once when the service says that they have expired', async () => {
    const assumed = await assume()
    session(assumed).renew()
    expect([await key(assumed), await key(assumed)]).toEqual(['ASIAEXAMPLE2', 'ASIAEXAMPLE2'])
  })

  it('end with a line that names the role when the refresh fails', async () => {
    const assumed = await assume()
    homeSts.roles.clear()
    clock += 56 * 60_000
    expect(await key(assumed)).toBe('ASIAEXAMPLE1')
    clock += 4 * 60_000
    await expect(key(assumed)).rejects.toMatchObject({
      name: 'CredentialsProblem',
      message: expect.stringContaining(`sts:AssumeRole of ${roleArn} failed with AccessDenied: the role is missing`),
      transience: 'lasting',
    })
  })
})
