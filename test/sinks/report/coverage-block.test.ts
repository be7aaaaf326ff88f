import { expect, test } from 'vitest'
import type { CoverageEntry } from '../../../shared/model/resource.ts'
import { coverageLines } from '../../../shared/sinks/report/coverage-block.ts'

const place = { accountId: '111122223333', region: 'eu-central-1' }
const gap = (resourceType: string, reason?: string): CoverageEntry => ({
  ...{ ...place, resourceType, status: 'unknown' },
  ...(reason === undefined ? {} : { reason }),
})

test('types that lack for the same reason share a line, the first three named', () => {
  const types = ['A::B::C', 'A::B::D', 'A::B::E', 'A::B::F', 'A::B::G']
  expect(coverageLines(types.map((type) => gap(type, `AWS Config cannot record ${type}`)))).toEqual([
    { ...place, text: 'A::B::C, A::B::D, A::B::E and 2 more types: AWS Config cannot record these types' },
  ])
})

test('a lone type keeps its reason, another reason or region is a line of its own, what is known is none', () => {
  const lines = coverageLines([
    gap('A::B::C', 'A::B::C could not be listed'),
    gap('A::B::D', 'denied'),
    { ...gap('A::B::D', 'denied'), region: 'us-east-1' },
    gap('A::B::E'),
    { ...place, resourceType: 'A::B::F', status: 'known' },
  ])
  expect(lines).toEqual([
    { ...place, text: 'A::B::C: A::B::C could not be listed' },
    { ...place, text: 'A::B::D: denied' },
    { ...place, region: 'us-east-1', text: 'A::B::D: denied' },
    { ...place, text: 'A::B::E' },
  ])
})

test('a row about everything says that nothing was read, one about a resource names it', () => {
  const lines = coverageLines([
    { accountId: '444455556666', region: '*', resourceType: '*', status: 'unknown', reason: 'cannot be entered' },
    { ...gap('A::B::C', 'x:Get failed with AccessDenied'), resourceArn: 'arn:aws:x:::one' },
    { ...gap('A::B::C', 'x:Get failed with AccessDenied'), resourceArn: 'arn:aws:x:::two' },
    gap('A::B::D', 'x:Get failed with AccessDenied'),
  ])
  expect(lines).toEqual([
    { accountId: '444455556666', region: '*', text: 'nothing was read: cannot be entered' },
    { ...place, text: 'arn:aws:x:::one, arn:aws:x:::two: x:Get failed with AccessDenied' },
    { ...place, text: 'A::B::D: x:Get failed with AccessDenied' },
  ])
})
