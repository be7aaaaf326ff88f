import { expect, it } from 'vitest'
import { isNamed } from '../../../cli/audit/missing-scopes.ts'

const places = [
  ['111122223333', 'eu-central-1'],
  ['111122223333', 'us-east-1'],
  ['111122223333', 'global'],
  ['444455556666', 'eu-central-1'],
  ['444455556666', 'global'],
  ['111122223333', '*'],
  ['*', 'us-east-1'],
] as const

const named = (account: readonly string[], region: readonly string[]) =>
  places
    .filter(([accountId, of]) => isNamed({ account, region })({ accountId, region: of }))
    .map((place) => place.join(' '))

it('is every place when none is named', () => {
  expect(named([], [])).toHaveLength(places.length)
})

it('is with a region what belongs to the account as a whole, too: its roles are judged with any region', () => {
  expect(named([], ['eu-central-1'])).toEqual([
    '111122223333 eu-central-1',
    '111122223333 global',
    '444455556666 eu-central-1',
    '444455556666 global',
    '111122223333 *',
  ])
  expect(named(['444455556666'], ['us-east-1'])).toEqual(['444455556666 global', '* us-east-1'])
})
