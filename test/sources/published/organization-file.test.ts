import { beforeAll, describe, expect, it } from 'vitest'
import { organizationFileOf } from '../../../shared/sources/published/organization-file.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { treeOf } from '../organizations/organization.ts'
import { manager, member, publishedText, smallOrganization } from './organization.ts'

// biome-ignore lint/suspicious/noExplicitAny: the tests take files apart
type Raw = any
const now = new Date('2026-03-01T12:00:00.000Z')
let reading: Reading
beforeAll(async () => {
  reading = await smallOrganization()
})

const changed = (change: (document: Raw) => void) => {
  const document: Raw = JSON.parse(publishedText(reading))
  change(document)
  return () => organizationFileOf(JSON.stringify(document), now)
}

describe('the published organization', () => {
  it('gives members the tree the hub read', () => {
    const file = organizationFileOf(publishedText(reading), now)
    expect(file.managementAccountId).toBe(manager)
    expect(file.regions).toEqual(['eu-central-1'])
    expect(file.collectedAt).toBe('2026-03-01T12:00:00.000Z')
    const tree = treeOf({ ...file, gaps: [] })
    const read = treeOf(reading)
    for (const type of ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const) {
      expect(tree.levelsOf(member, type)).toEqual(read.levelsOf(member, type))
    }
    expect(tree.pathOf(member)).toEqual({ state: 'known', value: 'o-exampleorg1/r-1abc/ou-1abc-top/', assumptions: [] })
  })

  it('takes names as they are, whatever characters are in them', async () => {
    const name = 'shop\n"},{"resourceType":"AWS::IAM::Role\u2028\u0000__proto__'
    const file = organizationFileOf(publishedText(await smallOrganization(name)), now)
    const account = file.items.find((item) => item.resourceId === member)
    expect(account?.resourceName).toBe(name)
    expect(file.items).toHaveLength(reading.items.length)
  })

  it('does not let keys of a prototype in', () => {
    const text = publishedText(reading).replace(
      '"pullpath":{',
      '"__proto__":{"polluted":true},"constructor":1,"pullpath":{',
    )
    const file = organizationFileOf(text, now)
    expect(file.items).toHaveLength(reading.items.length)
    expect(({} as Raw).polluted).toBeUndefined()
    // What only a prototype holds is not there.
    expect(() => organizationFileOf(text.replace('"pullpath":{', '"__proto__":{'), now)).toThrow(
      'pullpath: expected an object',
    )
  })

  const wrong: readonly [string, (document: Raw) => void, string][] = [
    ['has no time', (d) => delete d.pullpath.collectedAt, 'pullpath.collectedAt: expected an ISO 8601 time'],
    ['has a time that is none', (d) => (d.pullpath.collectedAt = '2026-99-99T00:00:00Z'), 'an ISO 8601 time'],
    ['comes from the future', (d) => (d.pullpath.collectedAt = '2026-03-01T12:16:00Z'), 'not in the future'],
    ['has no list of items', (d) => (d.configurationItems = {}), 'configurationItems: expected a list'],
    ['has an item of another type', (d) => (d.configurationItems[0].resourceType = 'AWS::IAM::Role'), 'a type of AWS'],
    ['has an item without an id', (d) => delete d.configurationItems[1].resourceId, 'configurationItems[1].resourceId'],
    [
      'has an item that is gone',
      (d) => (d.configurationItems[0].configurationItemStatus = 'ResourceDeleted'),
      'expected a resource that exists',
    ],
    ['has items of two accounts', (d) => (d.configurationItems[0].accountId = member), 'items of one account'],
    ['has no items', (d) => (d.configurationItems = []), 'expected one organization'],
    ['states no coverage', (d) => delete d.pullpath.coverage, 'listed completely'],
    ['has a listing that is unknown', (d) => (d.pullpath.coverage[0].status = 'unknown'), 'listed completely'],
    [
      'has a row about a part that could not be read',
      (d) => d.pullpath.coverage.push({ ...d.pullpath.coverage[0], status: 'unknown', resourceArn: 'arn:x' }),
      'listed completely',
    ],
    ['has coverage of another account only', (d) => (d.pullpath.coverage[0].accountId = member), 'listed completely'],
    ['names no regions', (d) => delete d.pullpath.regions, 'pullpath.regions: expected a list'],
    ['names a region that is none', (d) => (d.pullpath.regions = ["x' OR 1"]), 'names of regions'],
  ]
  it.each(wrong)('is refused when it %s', (_, change, message) => {
    expect(changed(change)).toThrow(message)
  })

  it('is refused when it is no JSON, cut off, nested without end, or no object', () => {
    expect(() => organizationFileOf('<html>', now)).toThrow('the file: expected JSON')
    expect(() => organizationFileOf(publishedText(reading).slice(0, -9), now)).toThrow('the file: expected JSON')
    expect(() => organizationFileOf('['.repeat(100_000), now)).toThrow('at most 64 levels')
    expect(() => organizationFileOf('null', now)).toThrow('the file: expected an object')
  })
})
