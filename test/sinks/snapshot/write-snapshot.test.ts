import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Snapshot, snapshotPieces } from '../../../shared/sinks/snapshot/write-snapshot.ts'

const item = (accountId: string, awsRegion: string, resourceType: string, arn: string) => ({
  ...{ accountId, awsRegion, resourceType, arn },
  configuration: { __proto__x: 'a', text: '</script>\u2028' },
})

const snapshot: Snapshot = {
  id: 'run-1',
  version: '1.2.3',
  collectedAt: '2026-03-01T12:00:00.000Z',
  items: [
    item('222222222222', 'eu-west-1', 'AWS::ECR::Repository', 'arn:b'),
    item('111111111111', 'us-east-1', 'AWS::ECR::Repository', 'arn:a'),
    item('111111111111', 'eu-west-1', 'AWS::IAM::Role', 'arn:z'),
    item('111111111111', 'eu-west-1', 'AWS::ECR::Repository', 'arn:c'),
    item('111111111111', 'eu-west-1', 'AWS::ECR::Repository', 'arn:b'),
  ],
  coverage: [
    { accountId: '111111111111', region: 'us-east-1', resourceType: 'AWS::EC2::VPC', status: 'known' },
    { accountId: '111111111111', region: 'eu-west-1', resourceType: 'AWS::EC2::VPC', status: 'unknown', reason: 'why' },
  ],
  more: { run: 'r-1' },
}

const written = (one: Snapshot) => [...snapshotPieces(one)].join('')

it('writes one JSON document that holds every item and row, sorted by account, region, type and ARN', () => {
  const document = JSON.parse(written(snapshot))
  expect(document.fileVersion).toBe('1.0')
  expect(document.configSnapshotId).toBe('run-1')
  expect(document.configurationItems.map((one: { arn: string }) => one.arn)).toEqual([
    'arn:b',
    'arn:c',
    'arn:z',
    'arn:a',
    'arn:b',
  ])
  expect(document.configurationItems[0]).toEqual(snapshot.items[4])
  expect(document.pullpath).toEqual({
    ...{ version: '1.2.3', collectedAt: '2026-03-01T12:00:00.000Z', run: 'r-1' },
    coverage: [snapshot.coverage[1], snapshot.coverage[0]],
  })
})

it('writes the same bytes in whatever order things were read', () => {
  const { items, coverage } = snapshot
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...items], { minLength: items.length }),
      fc.shuffledSubarray([...coverage], { minLength: coverage.length }),
      (shuffledItems, shuffledRows) => {
        expect(written({ ...snapshot, items: shuffledItems, coverage: shuffledRows })).toBe(written(snapshot))
      },
    ),
  )
})

it('sorts by what places an item, under either spelling, and only then by its text', () => {
  const placed = (z: string, account: object, id: string) => ({
    ...{ a: z, ...account, awsRegion: 'eu-west-1', resourceType: 'T', ARN: 'arn:1' },
    resourceId: id,
  })
  const items = [
    placed('1', { awsAccountId: '222222222222' }, 'a'),
    placed('3', { accountId: '111111111111' }, 'b'),
    placed('9', { awsAccountId: '111111111111' }, 'a'),
    placed('4', { awsAccountId: '111111111111' }, 'a'),
  ]
  const { configurationItems } = JSON.parse(written({ ...snapshot, items }))
  expect(configurationItems.map((one: { a: string }) => one.a)).toEqual(['4', '9', '3', '1'])
})

it('sorts rows by place, type, resource, status and reason', () => {
  const row = { accountId: '111111111111', region: 'eu-west-1', resourceType: 'T' }
  const rows = [
    { ...row, status: 'unknown' as const, reason: 'b', resourceArn: 'arn:2' },
    { ...row, status: 'unknown' as const, reason: 'b', resourceArn: 'arn:1' },
    { ...row, status: 'unknown' as const, reason: 'a', resourceArn: 'arn:1' },
    { ...row, status: 'known' as const },
  ]
  const { pullpath } = JSON.parse(written({ ...snapshot, coverage: rows }))
  expect(pullpath.coverage).toEqual([rows[3], rows[2], rows[1], rows[0]])
})

it('writes a file without items and rows that is a JSON document too', () => {
  const { configurationItems, pullpath } = JSON.parse(written({ ...snapshot, items: [], coverage: [] }))
  expect([configurationItems, pullpath.coverage]).toEqual([[], []])
})
