import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { absent, unknown } from '../../../shared/model/fact.ts'
import { permissions } from '../../../shared/sources/organizations/permissions.ts'
import { readOrganization } from '../../../shared/sources/organizations/read-organization.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { type FakeOrganization, fakeOrganization, organizationsService } from '../../support/fake-aws/organizations.ts'
import { faults } from '../ecr/reading.ts'
import { actionsCalled } from '../readers.ts'
import { accountIds, readerOf, rowsOf, treeOf } from './organization.ts'

const manager = '999999999999'
const member = '111122223333'
const scp = 'SERVICE_CONTROL_POLICY'
const rcp = 'RESOURCE_CONTROL_POLICY'

let fake: FakeAws
let organization: FakeOrganization
beforeEach(async () => {
  fake = await startFakeAws()
  organization = fakeOrganization(manager)
  organization.units.push({ id: 'ou-1abc-top', parent: 'r-1abc' }, { id: 'ou-1abc-low', parent: 'ou-1abc-top' })
  organization.accounts.push({ id: member, parent: 'ou-1abc-low', name: 'shop' })
  organization.policies.push({
    id: 'p-deny',
    name: 'deny',
    content: '{"Version":"2012-10-17","Statement":[]}',
    targets: ['ou-1abc-low', member],
  })
  fake.state.services.set('organizations', organizationsService(organization))
})
afterEach(() => fake.close())

const read = (caller = manager, callTimeout?: number) => {
  organization.caller = caller
  return readOrganization(readerOf(fake, caller, callTimeout))
}
const known = ['Organization', 'OrganizationalUnit', 'Account', 'Policy'].map(
  (name) => `${manager} global ${name} known`,
)
const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}

describe('an organization', () => {
  it('is items of its management account', async () => {
    const reading = await read()
    expect(rowsOf(reading)).toEqual(known)
    expect(reading.gaps).toEqual([])
    const shown = reading.items.map(({ accountId, awsRegion, resourceType, configuration }) => {
      expect([accountId, awsRegion]).toEqual([manager, 'global'])
      return [String(resourceType).split('::').at(-1), configuration]
    })
    const arn = (kind: string, id: string) => `arn:aws:organizations::${manager}:${kind}/o-exampleorg1/${id}`
    expect(shown).toEqual([
      [
        'Organization',
        {
          Id: 'o-exampleorg1',
          Arn: `arn:aws:organizations::${manager}:organization/o-exampleorg1`,
          ManagementAccountId: manager,
          RootId: 'r-1abc',
          FeatureSet: 'ALL',
        },
      ],
      [
        'OrganizationalUnit',
        { Id: 'ou-1abc-low', Name: 'ou-1abc-low', Arn: arn('ou', 'ou-1abc-low'), ParentId: 'ou-1abc-top' },
      ],
      [
        'OrganizationalUnit',
        { Id: 'ou-1abc-top', Name: 'ou-1abc-top', Arn: arn('ou', 'ou-1abc-top'), ParentId: 'r-1abc' },
      ],
      [
        'Account',
        {
          AccountId: member,
          AccountName: 'shop',
          Arn: arn('account', member),
          Status: 'ACTIVE',
          JoinedTimestamp: '2023-11-14T22:13:20.000Z',
          ParentIds: ['ou-1abc-low'],
        },
      ],
      [
        'Account',
        {
          AccountId: manager,
          AccountName: 'management',
          Arn: arn('account', manager),
          Status: 'ACTIVE',
          JoinedTimestamp: '2023-11-14T22:13:20.000Z',
          ParentIds: ['r-1abc'],
        },
      ],
      [
        'Policy',
        {
          Id: 'p-FullAWSAccess',
          Name: 'FullAWSAccess',
          Arn: 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
          Type: scp,
          AwsManaged: true,
          Content: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
          TargetIds: [member, manager, 'ou-1abc-low', 'ou-1abc-top', 'r-1abc'],
        },
      ],
      [
        'Policy',
        {
          Id: 'p-deny',
          Name: 'deny',
          Arn: arn('policy', 'service_control_policy/p-deny'),
          Type: scp,
          AwsManaged: false,
          Content: '{"Version":"2012-10-17","Statement":[]}',
          TargetIds: [member, 'ou-1abc-low'],
        },
      ],
    ])
  })

  it('gives an inventory the levels of an account with their guardrails, and its path', async () => {
    const tree = treeOf(await read())
    const levels = tree.levelsOf(member, scp)
    expect(
      levels.state === 'known' &&
        levels.value.map((one) => [one.orgIdentifier, ...one.guardrails.map(({ name }) => name).sort()]),
    ).toEqual([
      ['r-1abc', 'FullAWSAccess'],
      ['ou-1abc-top', 'FullAWSAccess'],
      ['ou-1abc-low', 'FullAWSAccess', 'deny'],
      [member, 'FullAWSAccess', 'deny'],
    ])
    expect(tree.pathOf(member)).toMatchObject({
      state: 'known',
      value: 'o-exampleorg1/r-1abc/ou-1abc-top/ou-1abc-low/',
    })
    expect(tree.managementAccountId).toBe(manager)
    expect(tree.levelsOf(manager, scp)).toEqual(absent())
    expect(tree.levelsOf(member, rcp)).toEqual(absent())
  })

  it('is read by a delegated administrator as by the management account', async () => {
    const own = await read()
    organization.delegated.add(member)
    expect(await read(member)).toEqual(own)
  })

  it('has no guardrails of a type that is off although there are policies of it', async () => {
    organization.policyTypes = [{ Type: rcp, Status: 'ENABLED' }]
    organization.policies.push({
      id: 'p-rcp',
      type: rcp,
      name: 'rcp',
      content: '{"Statement":[]}',
      targets: ['r-1abc'],
    })
    const tree = treeOf(await read())
    expect(tree.levelsOf(member, scp)).toEqual(absent())
    const levels = tree.levelsOf(member, rcp)
    expect(levels.state === 'known' && levels.value[0]?.guardrails.map(({ id }) => id)).toEqual(['p-rcp'])
    expect(fake.calls.flatMap(({ operation, body }) => (operation === 'ListPolicies' ? [body.Filter] : []))).toEqual([
      rcp,
    ])
  })

  it.each(['PENDING_ENABLE', 'PENDING_DISABLE'])('has unknown guardrails while a type is %s', async (Status) => {
    organization.policyTypes = [{ Type: scp, Status }]
    const reason = `organizations:ListRoots says that ${scp} is neither on nor off (${Status})`
    expect(treeOf(await read()).levelsOf(member, scp)).toEqual(unknown(reason))
  })

  it('tells the state of accounts by the old property too', async () => {
    organization.accounts.push(
      { id: '222233334444', parent: 'r-1abc', status: 'SUSPENDED' },
      { id: '333344445555', parent: 'r-1abc', state: 'CLOSED' },
    )
    const { items } = await read()
    const states = items.flatMap(({ resourceId, configuration }) => {
      const { Status } = configuration as { Status?: string }
      return Status === undefined ? [] : [[resourceId, Status]]
    })
    expect(states).toEqual([
      [member, 'ACTIVE'],
      ['222233334444', 'SUSPENDED'],
      ['333344445555', 'CLOSED'],
      [manager, 'ACTIVE'],
    ])
  })

  it('keeps e-mail addresses to itself', async () => {
    expect(JSON.stringify(await read())).not.toContain('example.com')
  })

  it('needs exactly the actions it states', async () => {
    await read()
    expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action).sort())
  })
})

describe('an organization of 1,000 accounts and units five deep', () => {
  const ids = accountIds(999)
  const deepest = 'ou-1abc-5'
  beforeEach(() => {
    organization.units.length = 0
    organization.accounts.length = 1
    for (let depth = 1; depth <= 5; depth++) {
      organization.units.push({ id: `ou-1abc-${depth}`, parent: depth === 1 ? 'r-1abc' : `ou-1abc-${depth - 1}` })
    }
    organization.accounts.push(...ids.map((id, n) => ({ id, parent: n < 500 ? deepest : 'ou-1abc-2' })))
    organization.policies.length = 1
  })

  it('is read completely, 20 at a page', async () => {
    const reading = await read()
    expect(rowsOf(reading)).toEqual(known)
    const accounts = reading.items.filter(({ resourceType }) => resourceType === 'AWS::Organizations::Account')
    expect(accounts.map(({ resourceId }) => resourceId)).toEqual([...ids, manager])
    const tree = treeOf(reading)
    const way = ['r-1abc', ...[1, 2, 3, 4, 5].map((depth) => `ou-1abc-${depth}`)]
    expect(tree.pathOf('100000000001')).toMatchObject({ value: `o-exampleorg1/${way.join('/')}/` })
    const levels = tree.levelsOf('100000000500', scp)
    expect(levels.state === 'known' && levels.value.map((one) => [one.orgIdentifier, one.guardrails.length])).toEqual(
      [...way, '100000000500'].map((id) => [id, 1]),
    )
  })

  it('takes no more calls than there are pages', async () => {
    await read()
    // The organization, the root, six parents with units and accounts (25 pages of them twice), one policy with 51 pages of targets.
    expect(fake.calls).toHaveLength(1 + 1 + 6 + (4 + 25 + 25) + 1 + 1 + 51)
  })

  it('B8 goes on after an empty page with a token', async () => {
    const whole = await read()
    organization.emptyFirstPage = true
    expect(await read()).toEqual(whole)
  })
})

describe('paging that does not end', () => {
  const action = 'ListAccountsForParent'
  const account = `${manager} global Account unknown: organizations:${action} failed with MalformedAnswer`
  const paged = (token: (n: number) => unknown) => {
    fake.state.plan = (called, n) => (called === action ? { answer: { Accounts: [], NextToken: token(n) } } : undefined)
  }
  it.each([
    ['B8 a repeated token', () => 'again'],
    ['B8 a token of the wrong type', () => ({ at: 1 })],
    ['B8 a token that is a number', (n: number) => n],
  ])('%s leaves the listing unknown', async (_, token) => {
    paged(token)
    expect(rowsOf(await read())).toContain(account)
    expect(fake.calls.filter(({ operation }) => operation === action).length).toBeLessThan(20)
  })

  it('B8 endless pages leave the listing unknown', async () => {
    organization.units.length = 0
    paged((n) => `token-${n}`)
    expect(rowsOf(await read())).toContain(account)
    expect(fake.calls.filter(({ operation }) => operation === action)).toHaveLength(1_000)
  })
})

describe('a member account', () => {
  it('leaves all but the organization itself unknown, and says who may read it', async () => {
    const reading = await read(member)
    const reason = `organizations:ListRoots failed with AccessDeniedException: only the management account ${manager} or a delegated administrator may read the organization`
    expect(rowsOf(reading)).toEqual([
      `${manager} global Organization known`,
      ...['Account', 'OrganizationalUnit', 'Policy'].map((name) => `${manager} global ${name} unknown: ${reason}`),
    ])
    expect(reading.gaps.map(({ transience }) => transience)).toEqual(['lasting', 'lasting', 'lasting', 'lasting'])
    expect(treeOf(reading).levelsOf(member, scp)).toEqual(unknown(reason))
  })

  it('is not mixed up with a management account that lacks the permission', async () => {
    failing('ListRoots', { error: 'AccessDeniedException' })
    expect(rowsOf(await read())[1]).toBe(
      `${manager} global Account unknown: organizations:ListRoots failed with AccessDeniedException`,
    )
  })
})

describe('an account without an organization', () => {
  it('has no guardrails, which is known', async () => {
    fake.state.services.set('organizations', organizationsService(undefined))
    const reading = await read(member)
    expect(reading.items).toEqual([])
    expect(rowsOf(reading)).toEqual(
      ['Organization', 'Account', 'OrganizationalUnit', 'Policy'].map((name) => `${member} global ${name} known`),
    )
    expect(treeOf(reading).levelsOf(member, scp)).toEqual(absent())
  })
})

describe.each(faults)('a call that %s', (_, fault, error, transience) => {
  const timeout = 'hang' in fault ? 100 : undefined
  it.each([
    ['DescribeOrganization', ['Organization', 'Account', 'OrganizationalUnit', 'Policy']],
    ['ListRoots', ['Account', 'OrganizationalUnit', 'Policy']],
    ['ListOrganizationalUnitsForParent', ['OrganizationalUnit', 'Account']],
    ['ListAccountsForParent', ['Account']],
    ['ListPolicies', ['Policy']],
  ])('leaves the listings that need %s unknown', async (operation, types) => {
    failing(operation, fault)
    const reading = await read(manager, timeout)
    const open = rowsOf(reading).filter((row) => row.includes('unknown'))
    const reason = `organizations:${operation} failed with ${error}`
    expect(open).toEqual(types.map((type) => `${manager} global ${type} unknown: ${reason}`))
    expect(reading.gaps[0]).toMatchObject({ reason, transience })
  })

  it.each([
    ['DescribePolicy', 'Content'],
    ['ListTargetsForPolicy', 'TargetIds'],
  ])('is a gap of the policy when it is %s', async (operation, property) => {
    fake.state.plan = (called, _n, body) => (called === operation && body.PolicyId === 'p-deny' ? fault : undefined)
    const reading = await read(manager, timeout)
    expect(rowsOf(reading)).toEqual(known)
    expect(reading.gaps).toEqual([
      {
        resourceType: 'AWS::Organizations::Policy',
        resourceArn: `arn:aws:organizations::${manager}:policy/o-exampleorg1/service_control_policy/p-deny`,
        reason: `organizations:${operation} failed with ${error}`,
        transience,
      },
    ])
    const deny = reading.items.find(({ resourceId }) => resourceId === 'p-deny')
    expect(Object.keys(deny?.configuration as object)).not.toContain(property)
  })
})

describe('targets that could not be read', () => {
  it('leave the levels unknown without a claim about the root', async () => {
    failing('ListTargetsForPolicy', { error: 'AccessDeniedException' })
    const reading = await read()
    expect(rowsOf(reading)).toEqual(known)
    expect(reading.gaps.map(({ resourceArn, reason }) => [resourceArn !== undefined, reason])).toEqual([
      [true, 'organizations:ListTargetsForPolicy failed with AccessDeniedException'],
      [true, 'organizations:ListTargetsForPolicy failed with AccessDeniedException'],
    ])
    expect(treeOf(reading).levelsOf(member, scp)).toMatchObject({ state: 'unknown' })
  })
})

describe('an answer that contradicts itself', () => {
  it('B10 lacks the management account: the accounts are unknown', async () => {
    organization.accounts.shift()
    const reason = `the listing of accounts lacks account ${manager}, which is in the organization`
    expect(rowsOf(await read())).toContain(`${manager} global Account unknown: ${reason}`)
  })

  it('B10 lacks the account that reads: the accounts are unknown', async () => {
    organization.delegated.add('777777777777')
    const reason = 'the listing of accounts lacks account 777777777777, which is in the organization'
    expect(rowsOf(await read('777777777777'))).toContain(`${manager} global Account unknown: ${reason}`)
  })

  it('B10 lacks a service control policy of the root: the policies are unknown', async () => {
    organization.policies.shift()
    const reason = `no ${scp} is attached to the root r-1abc, where there always is one`
    expect(treeOf(await read()).levelsOf(member, scp)).toEqual(unknown(reason))
  })

  it('names an account under two parents: its place is unknown, the listing stands', async () => {
    organization.accounts.push({ id: member, parent: 'r-1abc', name: 'shop' })
    const reading = await read()
    expect(rowsOf(reading)).toEqual(known)
    expect(reading.gaps).toEqual([
      {
        resourceType: 'AWS::Organizations::Account',
        resourceArn: `arn:aws:organizations::${manager}:account/o-exampleorg1/${member}`,
        reason: `${member} was listed under two parents`,
        transience: 'passing',
      },
    ])
    expect(treeOf(reading).levelsOf(member, scp)).toEqual(
      unknown(`the parent of account ${member} in the organization is missing`),
    )
  })

  it('has units that go in circles: the walk ends and the units are unknown', async () => {
    const unit = { Id: 'ou-1abc-top', Arn: 'arn:aws:organizations::999999999999:ou/o/x', Name: 'top' }
    failing('ListOrganizationalUnitsForParent', { answer: { OrganizationalUnits: [unit] } })
    expect(rowsOf(await read())).toContain(
      `${manager} global OrganizationalUnit unknown: ou-1abc-top was listed under two parents`,
    )
  })

  it('has units without end: the walk ends and the units are unknown', async () => {
    fake.state.plan = (called, n) =>
      called === 'ListOrganizationalUnitsForParent'
        ? {
            answer: {
              OrganizationalUnits: [{ Id: `ou-${n}`, Arn: 'arn:aws:organizations::999999999999:ou/o/x', Name: 'x' }],
            },
          }
        : called === 'ListAccountsForParent'
          ? { answer: { Accounts: [] } }
          : undefined
    expect(rowsOf(await read())).toContain(
      `${manager} global OrganizationalUnit unknown: the organizational units are nested more than 20 deep`,
    )
  })

  it.each([
    [
      'two roots',
      { Roots: [1, 2].map((n) => ({ Id: `r-${n}`, PolicyTypes: [] })) },
      'answers 2 roots where there is one',
    ],
    ['no root', { Roots: [] }, 'answers 0 roots where there is one'],
    ['a root without its policy types', { Roots: [{ Id: 'r-1' }] }, 'failed with MalformedAnswer'],
  ])('has %s: everything below is unknown', async (_, answer, text) => {
    failing('ListRoots', { answer })
    expect(rowsOf(await read())[1]).toBe(`${manager} global Account unknown: organizations:ListRoots ${text}`)
  })

  it('lists a policy that is gone when it is described: the policy is left out', async () => {
    fake.state.plan = (called, _n, body) =>
      called === 'DescribePolicy' && body.PolicyId === 'p-deny' ? { error: 'PolicyNotFoundException' } : undefined
    const reading = await read()
    expect(reading.gaps).toEqual([])
    expect(reading.items.map(({ resourceId }) => resourceId)).not.toContain('p-deny')
  })
})
