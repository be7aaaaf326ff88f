import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { published } from '../../../shared/sources/published/published.ts'
import { type Hub, hub, jsonKey, organizationKey, setMembers, settingsKey, sourceKey, startHub } from './scenario.ts'

// biome-ignore lint/suspicious/noExplicitAny: the tests take files apart
type Raw = any
const hour = 3_600_000
const settings = 'rules:\n  ecr-repository-not-public:\n    severity: HIGH\n'

let world: Hub
beforeEach(async () => {
  world = await startHub()
  world.s3.put(sourceKey, settings)
})
afterEach(() => world.close())

const document = (): Raw => JSON.parse(world.s3.text(organizationKey) ?? 'null')
const versions = (key: string) => world.s3.objects.get(key)?.length ?? 0
const later = (hours: number) => {
  world.now += hours * hour
}
/** Runs and hands over what was thrown. */
const failure = async (variables?: Record<string, string>) => {
  try {
    await world.run(variables)
  } catch (error) {
    return String(error)
  }
  return 'nothing was thrown'
}

describe('the organization that is published', () => {
  it('is a snapshot file with the regions of the hub, which members read', async () => {
    await world.run()
    const file = document()
    expect(file.fileVersion).toBe('1.0')
    expect(file.pullpath.collectedAt).toBe('2026-03-01T12:00:00.000Z')
    expect(file.pullpath.regions).toEqual(['af-south-1', 'eu-central-1'])
    expect(file.pullpath.coverage.map((row: Raw) => `${row.accountId} ${row.resourceType} ${row.status}`)).toEqual([
      `${hub} AWS::Organizations::Account known`,
      `${hub} AWS::Organizations::Organization known`,
      `${hub} AWS::Organizations::OrganizationalUnit known`,
      `${hub} AWS::Organizations::Policy known`,
    ])
    const reader = {
      ...{ accountId: '100000000001', region: 'eu-central-1', readAt: new Date(world.now).toISOString() },
      ...{ client: world.s3.client(), bucket: { name: world.s3.bucket, ownerId: hub }, prefix: 'hub/' },
    }
    const reading = await published().organization(reader, 72)
    expect(reading.gaps).toEqual([])
    expect(reading.items.filter((item) => item.resourceType === 'AWS::Organizations::Account')).toHaveLength(4)
    expect(world.measured).toEqual([
      ...['OrganizationAccounts 4', 'OrganizationPublished 1', 'SettingsPublished 1', 'PublicationsRefused 0', 'flush'],
    ])
  })

  it('is not written again while it says the same, except once a day for its time', async () => {
    await world.run()
    later(19)
    await world.run()
    expect(versions(organizationKey)).toBe(1)
    expect(document().pullpath.collectedAt).toBe('2026-03-01T12:00:00.000Z')
    later(1)
    await world.run()
    expect(versions(organizationKey)).toBe(2)
    expect(document().pullpath.collectedAt).toBe('2026-03-02T08:00:00.000Z')
  })

  it.each<[string, (one: Hub) => void]>([
    ['a member is new', (one) => setMembers(one.organization, 4)],
    ['an account is suspended', (one) => Object.assign(one.organization.accounts[1] ?? {}, { state: 'SUSPENDED' })],
    [
      'a guardrail is attached',
      (one) => void one.organization.policies.push({ id: 'p-1', content: '{}', targets: ['r-1abc'] }),
    ],
    ['a region is disabled', (one) => Object.assign(one, { regions: (one.regions as Raw[]).slice(0, 1) })],
  ])('is written when %s', async (_, change) => {
    await world.run()
    later(1)
    change(world)
    await world.run()
    expect(versions(organizationKey)).toBe(2)
  })

  it.each([
    ['ListAccountsForParent', 'AWS::Organizations::Account could not be listed'],
    ['ListTargetsForPolicy', 'AWS::Organizations::Policy could not be listed'],
    ['DescribeRegions', 'regions: ec2:DescribeRegions failed with AccessDeniedException'],
    ['DescribeOrganization', 'AWS::Organizations::Organization could not be listed'],
  ])('B3 stays the last good copy when %s is denied, loudly', async (denied, reason) => {
    await world.run()
    later(1)
    setMembers(world.organization, 5)
    world.aws.state.plan = (operation) => (operation === denied ? { error: 'AccessDeniedException' } : undefined)
    world.measured.length = 0
    expect(await failure()).toContain(`Error: not published: Organization: ${reason}`)
    expect(versions(organizationKey)).toBe(1)
    expect(world.measured).toEqual(['OrganizationPublished 0', 'SettingsPublished 1', 'PublicationsRefused 1', 'flush'])
    expect(world.logged.filter((line) => line.startsWith('warn'))).toHaveLength(1)
  })

  it('B9 is not published with fewer than half of the accounts; with half of them it is', async () => {
    setMembers(world.organization, 9)
    await world.run()
    later(1)
    setMembers(world.organization, 3)
    expect(await failure()).toBe(
      `Error: not published: Organization: the listing has 4 of 10 accounts, fewer than half; if that is true, delete ${organizationKey} to publish it`,
    )
    expect(versions(organizationKey)).toBe(1)
    setMembers(world.organization, 4)
    await world.run()
    expect(versions(organizationKey)).toBe(2)
  })

  it('B9 is published with fewer once somebody has deleted the copy', async () => {
    setMembers(world.organization, 9)
    await world.run()
    world.s3.objects.delete(organizationKey)
    setMembers(world.organization, 1)
    await world.run()
    expect(document().configurationItems.filter((one: Raw) => one.resourceType.endsWith('::Account'))).toHaveLength(2)
  })

  it('is none when the account is in no organization', async () => {
    world.aws.state.plan = (operation) =>
      operation === 'DescribeOrganization' ? { error: 'AWSOrganizationsNotInUseException' } : undefined
    expect(await failure()).toContain('Organization: the account is in no organization')
    expect(versions(organizationKey)).toBe(0)
  })

  it('takes the place of a copy that members could not read', async () => {
    world.s3.put(organizationKey, '{"half":')
    await world.run()
    expect(versions(organizationKey)).toBe(2)
    expect(document().pullpath.regions).toHaveLength(2)
  })

  it('A6 never takes the place of one that was read later', async () => {
    later(1 / 6)
    await world.run()
    later(-1 / 6)
    setMembers(world.organization, 5)
    await world.run()
    expect(versions(organizationKey)).toBe(1)
    expect(world.logged.at(-2)).toBe('info publication {"file":"Organization","outcome":"newer"}')
  })

  it('A7 takes the place of one from the future, which no member would read', async () => {
    later(1)
    await world.run()
    later(-1)
    await world.run()
    expect(document().pullpath.collectedAt).toBe('2026-03-01T12:00:00.000Z')
  })

  it('A6 gives way to a later one that is written in the moment before ours', async () => {
    await world.run()
    const first = world.s3.text(organizationKey) ?? ''
    later(1)
    setMembers(world.organization, 5)
    const newer = first.replaceAll('2026-03-01T12:00:00.000Z', '2026-03-01T13:10:00.000Z')
    let done = false
    world.s3.plan = (operation, _, key) => {
      if (done || operation !== 'PutObject' || key !== organizationKey) return undefined
      done = true
      return { meanwhile: () => world.s3.put(organizationKey, newer) }
    }
    await world.run()
    expect(done).toBe(true)
    expect(world.s3.text(organizationKey)).toBe(newer)
  })

  it('C3 is written once when the answer to the write is lost', async () => {
    world.s3.plan = (operation, n) => (operation === 'PutObject' && n === 1 ? { lost: true } : undefined)
    await world.run()
    expect(versions(organizationKey)).toBe(1)
    expect(document().pullpath.regions).toHaveLength(2)
  })

  it('C13 is published all the same when S3 asks to slow down for a moment', async () => {
    world.s3.plan = (operation, n) =>
      operation === 'PutObject' && n < 4 ? { error: 'SlowDown', status: 503 } : undefined
    await world.run()
    expect([versions(organizationKey), versions(settingsKey)]).toEqual([1, 1])
  })

  it.each([
    ['AccessDenied', 403],
    ['KMS.DisabledException', 400],
    ['SlowDown', 503],
  ])('C13 %s on writing: no half file, both last good copies stay, both named', async (error, status) => {
    await world.run()
    const before = [world.s3.text(organizationKey), world.s3.text(settingsKey)]
    later(1)
    setMembers(world.organization, 5)
    world.s3.put(sourceKey, '{}\n')
    world.s3.plan = (operation) => (operation === 'PutObject' ? { error, status } : undefined)
    expect(await failure()).toBe(
      `Error: not published: Organization: s3:PutObject failed with ${error}; Settings: s3:PutObject failed with ${error}`,
    )
    expect([world.s3.text(organizationKey), world.s3.text(settingsKey)]).toEqual(before)
  })

  it('C13 AccessDenied on reading what is published: nothing is written blindly', async () => {
    await world.run()
    setMembers(world.organization, 5)
    world.s3.plan = (operation) => (operation === 'GetObject' ? { error: 'AccessDenied', status: 403 } : undefined)
    expect(await failure()).toContain(
      `Organization: the published file: s3:GetObject of ${organizationKey} failed with AccessDenied`,
    )
    expect(world.s3.calls.filter((call) => call.startsWith('PutObject'))).toHaveLength(3)
  })

  it('takes account names as they are', async () => {
    const name = 'x\n"},{"resourceType":"AWS::IAM::Role","__proto__":{"a":1}\u2028'
    world.organization.accounts.push({ id: '222233334444', parent: 'r-1abc', name })
    await world.run()
    const account = document().configurationItems.find((one: Raw) => one.resourceId === '222233334444')
    expect(account.configuration.AccountName).toBe(name)
    expect(world.logged.join()).not.toContain('IAM::Role')
  })
})

describe('the settings that are published', () => {
  it('are the text that people wrote, byte by byte, and its JSON for functions, once', async () => {
    await world.run()
    expect(world.s3.text(settingsKey)).toBe(settings)
    expect(JSON.parse(world.s3.text(jsonKey) ?? '')).toEqual({
      rules: { 'ecr-repository-not-public': { severity: 'HIGH' } },
    })
    later(48)
    await world.run()
    expect([versions(settingsKey), versions(jsonKey)]).toEqual([1, 1])
  })

  it('stay the last good ones when the new ones are not valid, and the message says where', async () => {
    await world.run()
    world.s3.put(sourceKey, 'rules:\n  ecr-repository-not-publix: {}\n')
    world.measured.length = 0
    expect(await failure()).toContain(
      `Error: not published: Settings: the settings are not valid: ${sourceKey}:2: rules.ecr-repository-not-publix: unknown rule id`,
    )
    expect(world.s3.text(settingsKey)).toBe(settings)
    expect(world.measured).toEqual([
      ...['OrganizationAccounts 4', 'OrganizationPublished 1', 'SettingsPublished 0', 'PublicationsRefused 1', 'flush'],
    ])
  })

  it('are not valid with a parameter that a rule does not take', async () => {
    world.s3.put(sourceKey, 'rules:\n  ecr-repository-tags-immutable:\n    parameters:\n      nonsense: 1\n')
    expect(await failure()).toContain('Settings: the settings are not valid')
    expect(versions(settingsKey)).toBe(0)
  })

  it('are empty where nobody has written any', async () => {
    world.s3.objects.delete(sourceKey)
    await world.run()
    expect(world.s3.text(settingsKey)).toBe('# No settings: every rule has its defaults.\n{}\n')
  })

  it('stay when the source is gone later, loudly', async () => {
    await world.run()
    world.s3.objects.delete(sourceKey)
    expect(await failure()).toContain(`Settings: ${sourceKey} is gone; the settings published last stay`)
    expect(world.s3.text(settingsKey)).toBe(settings)
  })

  it('are not those of a source larger than a megabyte, nor of one nested without end', async () => {
    world.s3.put(sourceKey, `# ${'x'.repeat(2 ** 20)}\n`)
    expect(await failure()).toContain(`${sourceKey} is larger than 1048576 bytes`)
    world.s3.put(sourceKey, '['.repeat(50_000))
    expect(await failure()).toContain('the settings are not valid')
    expect(versions(settingsKey)).toBe(0)
  })

  it('are the newest when the source changes while they are written', async () => {
    await world.run()
    world.s3.put(sourceKey, '{}\n')
    let done = false
    world.s3.plan = (operation, _, key) => {
      if (done || operation !== 'PutObject' || key !== settingsKey) return undefined
      done = true
      // Another run has published newer ones in between.
      return {
        meanwhile: () => {
          world.s3.put(sourceKey, 'undetermined: leave\n')
          world.s3.put(settingsKey, 'undetermined: leave\n')
        },
      }
    }
    await world.run()
    expect(world.s3.text(settingsKey)).toBe('undetermined: leave\n')
  })
})

describe('an invocation', () => {
  it.each([
    [{ PULLPATH_HUB_BUCKET: '' }, 'PULLPATH_HUB_BUCKET'],
    [{ PULLPATH_HUB_PREFIX: 'hub' }, 'PULLPATH_HUB_PREFIX'],
    [{ PULLPATH_SETTINGS_SOURCE: 'a b' }, 'PULLPATH_SETTINGS_SOURCE'],
  ])('without a good environment %j is refused by name', async (variables, name) => {
    expect(await failure(variables)).toContain(`environment variable ${name}`)
    expect(world.s3.calls).toEqual([])
  })

  it('D9 leaves nothing behind: a warm process publishes what a cold one would', async () => {
    for (let n = 0; n < 20; n++) {
      setMembers(world.organization, 3 + n)
      if (n % 4 === 3) world.s3.plan = () => ({ error: 'AccessDenied', status: 403 })
      else world.s3.plan = () => undefined
      await failure()
      later(1)
    }
    setMembers(world.organization, 30)
    world.s3.plan = () => undefined
    await world.run()
    const cold = await startHub(30)
    cold.now = world.now
    await cold.run()
    expect(world.s3.text(organizationKey)).toBe(cold.s3.text(organizationKey))
    await cold.close()
  })
})
