import { describe, expect, test } from 'vitest'
import {
  type CollectDependencies,
  collectEstate,
  type Entry,
  type EstateReaders,
  type ScopeReading,
} from '../../../cli/collect/collect-estate.ts'
import type { CollectPlan } from '../../../cli/collect/collect-plan.ts'
import { CoverageLedger } from '../../../cli/collect/coverage-ledger.ts'
import { Stopped } from '../../../cli/collect/stop-signal.ts'
import type { CoverageEntry } from '../../../shared/model/resource.ts'
import type { EstateClients, EstateReader } from '../../../shared/sources/estate/reader.ts'
import type { Answer, Reading } from '../../../shared/sources/reading.ts'
import { covered, joinReadings, rawItem, unlisted } from '../../../shared/sources/reading.ts'
import type { RegionState } from '../../../shared/sources/regions/list-regions.ts'
import type { Session } from '../../../shared/sources/sts/session.ts'

const [home, second, third] = ['111122223333', '222233334444', '333344445555'] as const
const repositoryType = 'AWS::ECR::Repository'
const roleType = 'AWS::IAM::Role'

function session(accountId: string): Session {
  const credentials = async () => ({ accessKeyId: accountId, secretAccessKey: 's' })
  return { accountId, callerArn: `arn:aws:iam::${accountId}:role/reader`, credentials, renew: () => {} }
}

/** A complete listing of repositories with these names. */
function repositories(reader: EstateReader, names: readonly string[] = ['app']): Reading {
  const arn = (name: string) => `arn:aws:ecr:${reader.region}:${reader.accountId}:repository/${name}`
  const items = names.map((name) => rawItem(reader, repositoryType, { id: name, arn: arn(name) }, {}))
  return { items, coverage: [covered(reader, repositoryType)], gaps: [] }
}

function failed(reader: EstateReader, error: string): Reading {
  return unlisted(reader, [repositoryType], {
    reason: `ecr:DescribeRepositories failed with ${error}`,
    transience: 'lasting',
  })
}

const roles = async (reader: EstateReader): Promise<Reading> => ({
  items: [],
  coverage: [covered(reader, roleType)],
  gaps: [],
})

/** The organization of the home account. */
function organization(members: readonly (readonly [string, string])[], listed = true) {
  return async (reader: EstateReader): Promise<Reading> => {
    const item = (type: string, id: string, configuration: Record<string, string | string[]>) =>
      rawItem(
        reader,
        `AWS::Organizations::${type}`,
        { id, arn: `arn:aws:organizations::${home}:${type}/${id}` },
        configuration,
      )
    const accounts = members.map(([id, status]) =>
      item('Account', id, { AccountId: id, Status: status, ParentIds: [id === third ? 'ou-ab12-cdefgh34' : 'r-ab12'] }),
    )
    const units = [item('OrganizationalUnit', 'ou-ab12-cdefgh34', { Id: 'ou-ab12-cdefgh34', ParentId: 'r-ab12' })]
    const itself = item('Organization', 'o-1', { Id: 'o-1', ManagementAccountId: home, RootId: 'r-ab12' })
    const types = ['Organization', 'Account', 'OrganizationalUnit'].map((type) => `AWS::Organizations::${type}`)
    const rows = {
      items: [itself, ...units, ...accounts],
      coverage: types.map((type) => covered(reader, type)),
      gaps: [],
    }
    if (listed) return rows
    const why = {
      reason: 'organizations:ListAccountsForParent failed with AccessDeniedException',
      transience: 'lasting',
    } as const
    return joinReadings([
      { ...rows, coverage: [covered(reader, types[0] ?? '')] },
      unlisted(reader, types.slice(1), why),
    ])
  }
}

const three = organization([
  [home, 'ACTIVE'],
  [second, 'ACTIVE'],
  [third, 'ACTIVE'],
])

const regions: Answer<readonly RegionState[]> = {
  state: 'known',
  value: [
    { name: 'af-south-1', enabled: false },
    { name: 'eu-central-1', enabled: true },
    { name: 'us-east-1', enabled: true },
  ],
}

const plan: CollectPlan = {
  scope: { kind: 'account' },
  regions: { kind: 'named', names: ['eu-central-1', 'us-east-1'] },
  choice: { images: false, config: true },
}
const organizationPlan: CollectPlan = { ...plan, scope: { kind: 'organization', roleName: 'pullpath-reader' } }

interface Changes extends Partial<Omit<CollectDependencies, 'readers'>> {
  readonly plan?: CollectPlan
  readonly readers?: Partial<EstateReaders>
  readonly take?: (scope: ScopeReading) => Promise<void>
}

async function collected({ plan: asked = plan, readers, take, ...changes }: Changes = {}) {
  const ledger = new CoverageLedger()
  const taken: ScopeReading[] = []
  const dependencies: CollectDependencies = {
    own: session(home),
    homeRegion: 'eu-central-1',
    connect: () => ({}) as EstateClients,
    assume: async (accountId): Promise<Entry> => ({ state: 'open', session: session(accountId) }),
    readers: {
      readRegion: async (reader) => repositories(reader),
      readGlobal: roles,
      readOrganization: three,
      listRegions: async () => regions,
      readAggregator: async () => ({ scopes: [], rows: [] }),
      ...readers,
    },
    now: () => new Date('2026-03-01T12:00:00Z'),
    callTimeout: 1_000,
    ledger,
    ...changes,
  }
  await collectEstate(asked, dependencies, async (scope) => {
    await take?.(scope)
    taken.push(scope)
  })
  const names = taken.map(({ accountId, region }) => `${accountId}/${region}`).sort()
  return { ledger, taken, names, uncovered: ledger.uncovered('the end') }
}

function wholly(accountId: string, region: string, reason: string): CoverageEntry {
  return { accountId, region, resourceType: '*', status: 'unknown', reason }
}

describe('an account', () => {
  test('is read once as a whole and once for each region', async () => {
    const { names, uncovered, ledger } = await collected()
    expect(names).toEqual([`${home}/eu-central-1`, `${home}/global`, `${home}/us-east-1`])
    expect(uncovered).toEqual([])
    expect(ledger.progress).toEqual({ accounts: { done: 1, total: 1 }, scopes: { done: 3, total: 3 }, calls: 0 })
  })

  test('has the time of the clock in its items', async () => {
    const { taken } = await collected()
    const item = taken.find(({ region }) => region === 'us-east-1')?.reading.items[0]
    expect(item?.configurationItemCaptureTime).toBe('2026-03-01T12:00:00.000Z')
  })

  test('keeps what an earlier run has of a region', async () => {
    const totals = { items: 4, known: 2, unknown: 0, calls: 7 }
    const { names, ledger } = await collected({ done: ({ region }) => (region === 'us-east-1' ? totals : undefined) })
    expect(names).toEqual([`${home}/eu-central-1`, `${home}/global`])
    expect(ledger.scopes.find(({ region }) => region === 'us-east-1')?.totals).toEqual(totals)
  })

  test('whose reader breaks in one region is unknown there and read elsewhere', async () => {
    const readRegion = async (reader: EstateReader) => {
      if (reader.region === 'us-east-1') throw new TypeError('no')
      return repositories(reader)
    }
    const { ledger, names } = await collected({ readers: { readRegion } })
    expect(ledger.unknown).toEqual([wholly(home, 'us-east-1', 'reading broke with TypeError')])
    expect(names).toHaveLength(3)
  })

  test('counts the calls of each region', async () => {
    const readRegion = async (reader: EstateReader) => {
      await (reader.clients as unknown as { call: () => Promise<void> }).call()
      return repositories(reader)
    }
    const { ledger } = await collected({
      readers: { readRegion },
      connect: (own, region, onCall) => {
        const place = { accountId: own.accountId, region, service: 'ecr', operation: 'DescribeRepositories' }
        const call = async () => onCall({ ...place, attempts: region === 'us-east-1' ? 3 : 1, outcome: 'answered' })
        return { call } as unknown as EstateClients
      },
    })
    expect(ledger.scopes.map(({ region, totals }) => [region, totals?.calls])).toEqual([
      ['eu-central-1', 1],
      ['global', 0],
      ['us-east-1', 3],
    ])
  })

  test('what cannot be taken ends the reading with that error', async () => {
    const take = async () => {
      throw new Error('disk full')
    }
    await expect(collected({ take })).rejects.toThrow('disk full')
  })
})

describe('B4 an account that cannot be entered', () => {
  const assume = async (accountId: string): Promise<Entry> =>
    accountId === second
      ? { state: 'refused', reason: 'sts:AssumeRole failed with AccessDenied' }
      : { state: 'open', session: session(accountId) }

  test('is one row, and all others are read', async () => {
    const { names, uncovered, ledger } = await collected({ plan: organizationPlan, assume })
    expect(uncovered).toEqual([wholly(second, '*', 'sts:AssumeRole failed with AccessDenied')])
    expect(names).toEqual(
      [home, third].flatMap((id) => ['eu-central-1', 'global', 'us-east-1'].map((region) => `${id}/${region}`)),
    )
    expect(ledger.progress.accounts).toEqual({ done: 3, total: 3 })
  })

  test('because entering it breaks is named as well', async () => {
    const breaks = async (accountId: string): Promise<Entry> => {
      if (accountId === second) throw new RangeError('no')
      return assume(accountId)
    }
    const { uncovered } = await collected({ plan: organizationPlan, assume: breaks })
    expect(uncovered).toEqual([wholly(second, '*', `account ${second} could not be entered: RangeError`)])
  })

  test('because it is suspended is not tried', async () => {
    const tried: string[] = []
    const readOrganization = organization([
      [home, 'ACTIVE'],
      [second, 'SUSPENDED'],
    ])
    const { uncovered } = await collected({
      plan: organizationPlan,
      readers: { readOrganization },
      assume: async (accountId) => {
        tried.push(accountId)
        return assume(accountId)
      },
    })
    expect(uncovered).toEqual([wholly(second, '*', 'the account is suspended')])
    expect(tried).toEqual([])
  })
})

describe('an organization', () => {
  test('is told by the global file of its management account, which is read with its own credentials', async () => {
    const { taken } = await collected({
      plan: organizationPlan,
      assume: async (accountId) =>
        accountId === home ? { state: 'refused', reason: 'never' } : { state: 'open', session: session(accountId) },
    })
    const global = taken.find((scope) => scope.accountId === home && scope.region === 'global')
    expect(global?.reading.items.map(({ resourceType }) => resourceType)).toContain('AWS::Organizations::Account')
    expect(global?.reading.coverage.map(({ resourceType }) => resourceType)).toContain(roleType)
  })

  test('of which only some accounts are wanted keeps its own items', async () => {
    const scope = { kind: 'organization', roleName: 'r', accounts: [second] } as const
    const { names } = await collected({ plan: { ...plan, scope } })
    expect(names).toEqual([
      `${home}/global`,
      ...['eu-central-1', 'global', 'us-east-1'].map((region) => `${second}/${region}`),
    ])
  })

  test('of which one unit is wanted leaves out the rest', async () => {
    const scope = { kind: 'organization', roleName: 'r', ous: ['ou-ab12-cdefgh34'] } as const
    const { ledger } = await collected({ plan: { ...plan, scope } })
    expect(ledger.accountIds).toContain(third)
    expect(ledger.accountIds).not.toContain(second)
  })

  test('without the unit that is wanted is a usage error', async () => {
    const scope = { kind: 'organization', roleName: 'r', ous: ['ou-ab12-00000000'] } as const
    await expect(collected({ plan: { ...plan, scope } })).rejects.toThrow(
      '--ou: the organization has no unit ou-ab12-00000000',
    )
  })

  test('names an account that was asked for and is not in it', async () => {
    const scope = { kind: 'organization', roleName: 'r', accounts: ['999999999999'] } as const
    const { uncovered } = await collected({ plan: { ...plan, scope } })
    expect(uncovered).toEqual([wholly('999999999999', '*', 'the organization has no account 999999999999')])
  })

  test('whose accounts cannot be listed is read as far as it is known, and the row says so', async () => {
    const readOrganization = organization([[second, 'ACTIVE']], false)
    const { uncovered, ledger } = await collected({ plan: organizationPlan, readers: { readOrganization } })
    expect(ledger.accountIds).toEqual([home, second])
    expect(uncovered).toEqual([
      {
        accountId: home,
        region: 'global',
        resourceType: 'AWS::Organizations::Account',
        status: 'unknown',
        reason:
          'the accounts of the organization could not be listed: organizations:ListAccountsForParent failed with AccessDeniedException',
      },
    ])
  })
})

describe('B5 a region that is not enabled', () => {
  const named = (...names: readonly string[]): CollectPlan => ({ ...plan, regions: { kind: 'named', names } })

  test('is a row when it was named', async () => {
    const { uncovered, names } = await collected({ plan: named('af-south-1', 'us-east-1') })
    expect(uncovered).toEqual([wholly(home, 'af-south-1', `region af-south-1 is not enabled in account ${home}`)])
    expect(names).toEqual([`${home}/global`, `${home}/us-east-1`])
  })

  test('is passed over when all regions are wanted', async () => {
    const { uncovered, names } = await collected({ plan: { ...plan, regions: { kind: 'all' } } })
    expect(uncovered).toEqual([])
    expect(names).toEqual([`${home}/eu-central-1`, `${home}/global`, `${home}/us-east-1`])
  })

  test.each(['UnrecognizedClientException', 'AuthFailure', 'InvalidClientTokenId', 'OptInRequired'])(
    'is told from bad credentials by its own answer %s',
    async (error) => {
      const { uncovered, names } = await collected({
        plan: named('eu-central-1', 'me-south-1'),
        readers: {
          listRegions: async () => ({
            state: 'unknown',
            reason: 'ec2:DescribeRegions failed with AccessDenied',
            transience: 'lasting',
          }),
          readRegion: async (reader) => (reader.region === 'me-south-1' ? failed(reader, error) : repositories(reader)),
        },
      })
      expect(uncovered).toEqual([wholly(home, 'me-south-1', `region me-south-1 is not enabled in account ${home}`)])
      expect(names).toEqual([`${home}/eu-central-1`, `${home}/global`])
    },
  )

  test('is not what an ordinary denial means', async () => {
    const readRegion = async (reader: EstateReader) => failed(reader, 'AccessDeniedException')
    const { uncovered, ledger } = await collected({ plan: named('us-east-1'), readers: { readRegion } })
    expect(uncovered).toEqual([])
    expect(ledger.unknown.map(({ reason }) => reason)).toEqual([
      'ecr:DescribeRepositories failed with AccessDeniedException',
    ])
  })

  test('cannot be looked for among all regions when these cannot be listed', async () => {
    const { uncovered } = await collected({
      plan: { ...plan, regions: { kind: 'all' } },
      readers: { listRegions: async () => ({ state: 'unknown', reason: 'denied', transience: 'lasting' }) },
    })
    expect(uncovered).toEqual([wholly(home, '*', `the regions of account ${home} could not be listed: denied`)])
  })
})

describe('B9 a listing that is much shorter than the last one', () => {
  const one: CollectPlan = { ...plan, regions: { kind: 'named', names: ['us-east-1'] } }
  const sevenBefore: CollectDependencies['before'] = ({ region }) =>
    region === 'us-east-1' ? new Map([[repositoryType, 7]]) : undefined
  const inTurn = (...listings: readonly (readonly string[])[]) => {
    const left = [...listings]
    const readings = { count: 0 }
    const readRegion = async (reader: EstateReader) => {
      readings.count++
      return repositories(reader, left.shift() ?? [])
    }
    return { readRegion, readings }
  }
  const rowsOf = (taken: readonly ScopeReading[]) =>
    taken.filter(({ region }) => region === 'us-east-1').flatMap(({ reading }) => reading.coverage)

  test('is read again, and stands when the second reading finds the same', async () => {
    const { readRegion, readings } = inTurn(['a', 'b'], ['b', 'a'])
    const { taken } = await collected({ plan: one, readers: { readRegion }, before: sevenBefore })
    expect(readings.count).toBe(2)
    expect(rowsOf(taken).map(({ status }) => status)).toEqual(['known'])
  })

  test('is unknown when the second reading finds something else', async () => {
    const { readRegion } = inTurn(['a', 'b'], ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    const { taken, ledger } = await collected({ plan: one, readers: { readRegion }, before: sevenBefore })
    const reason = `${repositoryType}: the listing is much shorter than the last one, and two readings of it differ`
    const row = { accountId: home, region: 'us-east-1', resourceType: repositoryType, status: 'unknown', reason }
    expect(rowsOf(taken)).toEqual([row])
    expect(ledger.unknown).toEqual([row])
  })

  test('with nothing in it is as suspicious', async () => {
    const { readRegion, readings } = inTurn([], [])
    await collected({ plan: one, readers: { readRegion }, before: sevenBefore })
    expect(readings.count).toBe(2)
  })

  test.each([
    ['half of what was there', 4, ['a', 'b']],
    ['few that became fewer', 4, []],
    ['as many as before', 7, ['a', 'b', 'c', 'd']],
  ] as const)('is not what is made of %s', async (_name, before, names) => {
    const { readRegion, readings } = inTurn(names)
    await collected({ plan: one, readers: { readRegion }, before: () => new Map([[repositoryType, before]]) })
    expect(readings.count).toBe(1)
  })

  test('that is unknown anyway is not read again', async () => {
    const readings = { count: 0 }
    const readRegion = async (reader: EstateReader) => {
      readings.count++
      return failed(reader, 'ThrottlingException')
    }
    await collected({ plan: one, readers: { readRegion }, before: sevenBefore })
    expect(readings.count).toBe(1)
  })
})

describe('B2 when the time is up', () => {
  test('what was not begun is a row with the reason, and what was read stays', async () => {
    const controller = new AbortController()
    const readRegion = async (reader: EstateReader) => {
      if (reader.accountId === second) controller.abort(new Stopped('the time limit of 5 minutes was reached'))
      if (!controller.signal.aborted) return repositories(reader)
      return failed(reader, 'AbortError')
    }
    const { ledger, names } = await collected({
      plan: { ...organizationPlan, regions: { kind: 'named', names: ['us-east-1'] } },
      readers: { readRegion },
      concurrency: { accounts: 1, regions: 1 },
      signal: controller.signal,
    })
    expect(names).toEqual([`${home}/global`, `${home}/us-east-1`, `${second}/global`])
    expect(ledger.uncovered('the time limit of 5 minutes was reached')).toEqual([
      wholly(second, 'us-east-1', 'not read: the time limit of 5 minutes was reached'),
      wholly(third, '*', 'not read: the time limit of 5 minutes was reached'),
    ])
  })

  test('a region of which some types are known is kept with these', async () => {
    const controller = new AbortController()
    const readRegion = async (reader: EstateReader) => {
      controller.abort(new Stopped('enough'))
      const rest = unlisted(reader, ['AWS::ECS::Cluster'], {
        reason: 'ecs:ListClusters failed with AbortError',
        transience: 'passing',
      })
      return joinReadings([repositories(reader), rest])
    }
    const { names, ledger } = await collected({
      plan: { ...plan, regions: { kind: 'named', names: ['us-east-1'] } },
      readers: { readRegion },
      concurrency: { accounts: 1, regions: 1 },
      signal: controller.signal,
    })
    expect(names).toEqual([`${home}/global`, `${home}/us-east-1`])
    expect(ledger.unknown.map(({ resourceType }) => resourceType)).toEqual(['AWS::ECS::Cluster'])
  })
})

describe('an aggregator', () => {
  test('is read instead of the accounts', async () => {
    const reader = { accountId: second, region: 'eu-central-1', readAt: '2026-03-01T12:00:00.000Z' } as EstateReader
    const scope = { accountId: second, region: 'eu-central-1', reading: repositories(reader), calls: 0 }
    const row = wholly(third, 'eu-central-1', 'the source is outdated')
    const { names, uncovered } = await collected({
      plan: { ...plan, aggregator: 'all' },
      readers: { readAggregator: async () => ({ scopes: [scope], rows: [row] }) },
    })
    expect(names).toEqual([`${second}/eu-central-1`])
    expect(uncovered).toEqual([row])
  })
})
