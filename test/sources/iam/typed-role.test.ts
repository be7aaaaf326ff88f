import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildInventory } from '../../../shared/inventory/build.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import { listRoles } from '../../../shared/sources/iam/list-roles.ts'
import { readRole } from '../../../shared/sources/iam/read-role.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { readersOf } from '../readers.ts'
import { account, awsPolicy, fillAccount, own, pull, trust } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillAccount(fake)
})
afterEach(() => fake.close())

function inventoryOf({ items, coverage }: Pick<Reading, 'items' | 'coverage'>) {
  const normalized = items.map((raw) => {
    const one = normalizeItem(raw)
    if (!one.ok || one.deleted) throw new Error('not a live item')
    return one.item
  })
  const types = ['AWS::IAM::Role', 'AWS::IAM::Policy']
  const scopesSeen = [{ accountId: account, region: 'global', recordedByConfig: false }]
  return buildInventory({ items: normalized, types, coverage, assumeRecorded: false, scopesSeen })
}
async function readOne() {
  const reading = await readRole(readersOf(fake).iam, own.role)
  if (reading.state !== 'present') throw new Error('expected the role')
  return inventoryOf({ items: [reading.item, ...reading.policies], coverage: reading.coverage })
}
const near = { accountId: account, region: 'eu-central-1' }

it('a role read live is a role of the inventory with all its policies', async () => {
  const inventory = await readOne()
  const [role] = inventory.roles
  if (role === undefined) throw new Error('expected a role')
  expect(role.ref).toEqual({
    type: 'AWS::IAM::Role',
    id: 'AROAEXEC',
    arn: own.role,
    accountId: account,
    region: 'global',
  })
  expect(role.trustPolicy).toMatchObject({ state: 'known', value: { text: trust } })
  expect(role.inlinePolicies).toMatchObject({ state: 'known', value: [{ document: { value: { text: pull } } }] })
  expect(role.attachedPolicies).toMatchObject({ value: [{ arn: own.policy }, { arn: awsPolicy }] })
  expect(role.permissionsBoundary).toMatchObject({ state: 'known', value: own.boundary })
  expect(inventory.managedPolicy(own.policy)).toMatchObject({ state: 'known', value: { versionId: 'v2' } })
  expect(inventory.managedPolicy(awsPolicy).state).toBe('unknown')
})

it('a role that was not listed is absent, one that was not read is unknown', async () => {
  const missing = `arn:aws:iam::${account}:role/none`
  const listed = inventoryOf(await listRoles(readersOf(fake).iam, { callerArn: own.caller }))
  expect([listed.role(missing, near).state, listed.role('exec', near).state]).toEqual(['absent', 'known'])
  expect((await readOne()).role(missing, near).state).toBe('unknown')
})

it.each([
  ['ListRolePolicies', 'inlinePolicies'],
  ['ListAttachedRolePolicies', 'attachedPolicies'],
] as const)('what %s would have said is unknown when it is denied, not empty', async (operation, key) => {
  fake.state.plan = (called) => (called === operation ? { error: 'AccessDenied', status: 403 } : undefined)
  const [role] = (await readOne()).roles
  expect(role?.[key].state).toBe('unknown')
})

it('a policy whose text is denied is unknown', async () => {
  fake.state.plan = (called) => (called === 'GetRolePolicy' ? { error: 'AccessDenied', status: 403 } : undefined)
  const [role] = (await readOne()).roles
  expect(role?.inlinePolicies).toMatchObject({
    state: 'known',
    value: [{ name: 'inline', document: { state: 'unknown' } }],
  })
})
