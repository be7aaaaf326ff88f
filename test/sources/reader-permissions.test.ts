import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ReadPermission } from '../../shared/sources/permission.ts'
import { readerPermissions } from '../../shared/sources/reader-permissions.ts'

const folder = new URL('../../shared/sources/', import.meta.url)
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(new URL(entry.name, folder)).includes('permissions.ts'))
  .map(({ name }) => name)

const inOrder = (list: readonly ReadPermission[]) =>
  [...new Set(list.map(({ action, resource }) => `${action} ${resource}`))].sort()

/**
 * What only functions read: what the hub has published, what members tell it, deliveries, what their own rules said before, and what
 * changes told Security Hub.
 */
const sourcesOfFunctions = [
  ...['config-bucket', 'config-compliance', 'foreign-repositories', 'held-findings', 'hub-heartbeats', 'published'],
]
/** Single roles are for functions too: an event names them, where a reader lists all. */
const callsOfFunctions = ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies']

test('the list holds what every source states but what only functions do, and nothing else', async () => {
  const ofReaders = names.filter((name) => !sourcesOfFunctions.includes(name))
  const stated = await Promise.all(
    ofReaders.map(async (name) => (await import(new URL(`${name}/permissions.ts`, folder).href)).permissions),
  )
  expect(ofReaders.length).toBeGreaterThanOrEqual(17)
  const collected = stated.flat().filter(({ action }) => !callsOfFunctions.includes(action))
  expect(inOrder(Object.values(readerPermissions).flat())).toEqual(inOrder(collected))
})

test('a member needs nothing of the organization, of an aggregator or to enter accounts', () => {
  const member = readerPermissions.member.map(({ action }) => action as string)
  const others = [...readerPermissions.organization, ...readerPermissions.aggregator, ...readerPermissions.images]
  expect(others.filter(({ action }) => member.includes(action))).toEqual([])
  expect(member.filter((action) => /^organizations:|AssumeRole|Aggregat/.test(action))).toEqual([])
})

test('nothing that is stated writes', () => {
  const verbs = Object.values(readerPermissions).flatMap((part) => part.map(({ action }) => action as string))
  const reading = /^[a-z0-9]+:(Describe|List|Get|Select|Search|BatchGet)[A-Za-z]+$/
  expect([...new Set(verbs.filter((action) => !reading.test(action)))]).toEqual(['sts:AssumeRole'])
})
