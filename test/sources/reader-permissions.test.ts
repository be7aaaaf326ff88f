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

test('the list holds what every source states and nothing else', async () => {
  const stated = await Promise.all(
    names.map(async (name) => (await import(new URL(`${name}/permissions.ts`, folder).href)).permissions),
  )
  expect(names.length).toBeGreaterThanOrEqual(17)
  expect(inOrder(Object.values(readerPermissions).flat())).toEqual(inOrder(stated.flat()))
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
