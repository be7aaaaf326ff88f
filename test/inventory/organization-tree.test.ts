import { describe, expect, it } from 'vitest'
import { buildInventory } from '../../shared/inventory/build.ts'
import { absent, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import { type EstatePart, fullAccess, home, inventoryOf, notListed, organization } from '../support/builders.ts'

const scp = 'SERVICE_CONTROL_POLICY'
const rcp = 'RESOURCE_CONTROL_POLICY'
const account = home.accountId
const ous = { 'ou-1-top': 'r-1', 'ou-1-low': 'ou-1-top' }
const deny = { name: 'deny', content: { Statement: [] }, targets: ['ou-1-low', account] }
const full = { name: 'full', content: JSON.stringify(fullAccess), targets: ['r-1', 'ou-1-top', 'ou-1-low', account] }

function treeOf(...parts: readonly EstatePart[]) {
  return inventoryOf(parts).organizationTree
}

function namesOf(parts: readonly EstatePart[], type: typeof scp | typeof rcp = scp) {
  const levels = treeOf(...parts).levelsOf(account, type)
  if (levels.state !== 'known') throw new Error(JSON.stringify(levels))
  return levels.value.map((level) => [level.orgIdentifier, ...level.guardrails.map(({ name }) => name)])
}

function estate(parents: string | readonly string[], policies = [full, deny]) {
  return organization({ ous, accounts: { [account]: parents }, policies })
}

/** The same items with a property of the given type changed. */
function changed(parts: readonly EstatePart[], type: string, change: JsonObject): readonly EstatePart[] {
  return parts.map((part) =>
    'item' in part && part.item.resourceType === type
      ? { item: { ...part.item, configuration: { ...(part.item.configuration as JsonObject), ...change } } }
      : part,
  )
}

describe('the levels that bind an account', () => {
  const levels = [
    ['r-1', 'full'],
    ['ou-1-top', 'full'],
    ['ou-1-low', 'deny', 'full'],
    [account, 'deny', 'full'],
  ]

  it('lead from the root over the units to the account', () => {
    expect(namesOf(estate('ou-1-low'))).toEqual(levels)
  })

  it.each([
    ['from the root down', ['r-1', 'ou-1-top', 'ou-1-low']],
    ['from the account up', ['ou-1-low', 'ou-1-top', 'r-1']],
  ])('are the same when the account lists the whole way %s', (_, parents) => {
    expect(namesOf(estate(parents))).toEqual(levels)
  })

  it('of an account right under the root are two', () => {
    expect(namesOf(estate('r-1'))).toEqual([
      ['r-1', 'full'],
      [account, 'deny', 'full'],
    ])
  })

  it('keep a level without any policy, which allows nothing', () => {
    expect(namesOf(estate('ou-1-low', [{ ...full, targets: ['r-1'] }]))).toEqual([
      ['r-1', 'full'],
      ['ou-1-top'],
      ['ou-1-low'],
      [account],
    ])
  })

  it('have content as an object or text, and unknown content when there is none', () => {
    const found = treeOf(...organization({ policies: [full, { name: 'empty', targets: ['r-1'] }] })).levelsOf(
      account,
      scp,
    )
    const [root] = found.state === 'known' ? found.value : []
    expect(root?.guardrails).toMatchObject([
      { id: 'p-empty', content: unknown('the organization policy p-empty has no content') },
      { id: 'p-full', content: { state: 'known', value: { json: fullAccess } } },
    ])
  })

  it('are those of the asked type only', () => {
    const resource = { name: 'rcp', type: rcp, content: fullAccess, targets: ['r-1'] } as const
    const parts = organization({ policies: [full, resource] })
    expect(namesOf(parts, rcp)).toEqual([['r-1', 'rcp'], [account]])
  })
})

describe('no level binds', () => {
  it('the management account', () => {
    const tree = treeOf(...organization())
    expect(tree.managementAccountId).toBe('999999999999')
    expect(tree.levelsOf('999999999999', scp)).toEqual(absent())
  })

  it('when the listing is complete and has no policy of the type', () => {
    expect(treeOf(...organization({ policies: [] })).levelsOf(account, scp)).toEqual(absent())
    expect(treeOf(...organization()).levelsOf(account, rcp)).toEqual(absent())
  })
})

describe('the levels are unknown', () => {
  it('when no organization item was read', () => {
    const tree = buildInventory({ items: [], types: [], assumeRecorded: true }).organizationTree
    expect(tree.levelsOf(account, scp)).toEqual(unknown('no AWS::Organizations::Policy item was read'))
    expect(tree).toMatchObject({ managementAccountId: undefined, organizationId: undefined })
  })

  it('when policies could not be listed', () => {
    const tree = treeOf(...organization(), notListed('AWS::Organizations::Policy'))
    expect(tree.levelsOf(account, scp)).toEqual(unknown('AWS::Organizations::Policy could not be listed'))
  })

  it('when the account is not described', () => {
    const tree = treeOf(...organization({ accounts: {} }))
    expect(tree.levelsOf(account, scp)).toEqual(
      unknown(`no AWS::Organizations::Account item describes account ${account}`),
    )
  })

  it('when a unit on the way is missing or the units form a cycle', () => {
    const lost = organization({ accounts: { [account]: 'ou-9' } })
    expect(treeOf(...lost).levelsOf(account, scp)).toEqual(
      unknown('no AWS::Organizations::OrganizationalUnit item names the parent of ou-9'),
    )
    const cycle = organization({ ous: { 'ou-a': 'ou-b', 'ou-b': 'ou-a' }, accounts: { [account]: 'ou-a' } })
    expect(treeOf(...cycle).levelsOf(account, scp)).toEqual(unknown('the organizational units above ou-a form a cycle'))
  })

  it('when the parents of the account are missing or do not reach the root', () => {
    expect(treeOf(...estate([])).levelsOf(account, scp)).toEqual(
      unknown(`the parent of account ${account} in the organization is missing`),
    )
    expect(treeOf(...estate(['ou-1-low', 'ou-1-top'])).levelsOf(account, scp)).toEqual(
      unknown(`the parents of account ${account} do not name the root of the organization`),
    )
  })

  it('when a policy does not say what it is attached to, or its type', () => {
    expect(treeOf(...estate('r-1', [{ name: 'lost', content: fullAccess } as never])).levelsOf(account, scp)).toEqual(
      unknown('the targets of the organization policy p-lost are missing'),
    )
    const untyped = changed(estate('r-1', [full]), 'AWS::Organizations::Policy', { Type: '' })
    expect(treeOf(...untyped).levelsOf(account, scp)).toEqual(
      unknown('the type of the organization policy p-full is missing'),
    )
  })
})

describe('the path of an account', () => {
  it('names the organization, the root and the units', () => {
    expect(treeOf(...estate('ou-1-low')).pathOf(account)).toMatchObject({
      value: 'o-exampleorg1/r-1/ou-1-top/ou-1-low/',
    })
    expect(treeOf(...estate('r-1')).pathOf(account)).toMatchObject({ value: 'o-exampleorg1/r-1/' })
  })

  it('is unknown without the organization or with two of them', () => {
    const none = treeOf().pathOf(account)
    expect(none).toEqual(unknown('no AWS::Organizations::Organization item says which organization it is'))
    const two = treeOf(...organization(), ...organization({ id: 'o-second', management: '888888888888' }))
    expect(two.pathOf(account).state).toBe('unknown')
    expect(two.managementAccountId).toBeUndefined()
    expect(two.levelsOf('888888888888', scp)).toEqual(absent())
  })
})
