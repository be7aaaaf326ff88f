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

it('writes a file without items and rows that is a JSON document too', () => {
  const { configurationItems, pullpath } = JSON.parse(written({ ...snapshot, items: [], coverage: [] }))
  expect([configurationItems, pullpath.coverage]).toEqual([[], []])
})
