import { describe, expect, it } from 'vitest'
import { failing, type HopAnswer, passing, skipping, undecided } from '../../shared/pull/hops/hop-answer.ts'
import { parseImageReference } from '../../shared/pull/image-reference.ts'
import { mergedHop, traceSubnets } from '../../shared/pull/merge-subnets.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { type EstatePart, inventoryOf, networkAcl, route, routeTable, subnet } from '../support/builders.ts'
import { partsOf, worldOfInventory } from './support/scenario.ts'

const good = passing('fine', 'It works')
const fine = passing('fine', 'It works as well')
const broken = failing('broken', 'It breaks', { fix: 'Mend it' })
const open = undecided('open', 'It may work', ['the thing'])
const none = skipping('none', 'Nothing')

const merged = (...answers: readonly HopAnswer[]) =>
  mergedHop(
    'dns',
    answers.map((answer, index) => [`subnet-${index + 1}`, answer]),
  )

describe('what subnets say of one hop', () => {
  it.each([
    ['works in all', [good, fine], 'pass', 'It works; It works as well', undefined],
    ['works in one and is not asked in the other', [none, good], 'pass', 'It works', undefined],
    ['is asked in none', [none, none], 'skipped', 'Nothing', undefined],
    ['breaks in all', [broken, broken], 'fail', 'It breaks', undefined],
    ['breaks in one of two', [good, broken], 'fail', 'In subnet-2: It breaks', ['subnet-2']],
    [
      'breaks in two of three',
      [broken, open, broken],
      'fail',
      'In subnet-1 and subnet-3: It breaks',
      ['subnet-1', 'subnet-3'],
    ],
    ['is open in all', [open, open], 'unknown', 'It may work', undefined],
    ['is open in one', [open, good], 'unknown', 'In subnet-1: It may work', ['subnet-1']],
    ['is asked of the only one', [open], 'unknown', 'It may work', undefined],
  ] as const)('that %s names those where it matters', (_name, answers, status, reason, subnets) => {
    const { hop, missing } = merged(...answers)
    expect([hop.status, hop.reason, hop.subnets]).toEqual([status, reason, subnets])
    expect(missing).toEqual(status === 'unknown' ? ['the thing'] : [])
  })
})

describe('subnets of a pull', () => {
  const subnets = ['subnet-1', 'subnet-2', 'subnet-3']
  const third = subnet({ id: 'subnet-3', cidr: '10.0.3.0/24', zone: 'eu-central-1a' })
  const closed = [
    third,
    routeTable({ id: 'rtb-closed', subnets: ['subnet-3'], routes: [] }),
    networkAcl({ id: 'acl-3', subnets: ['subnet-3'] }),
  ]
  const tracedIn = (base: string, ...parts: readonly EstatePart[]) => {
    const estate = partsOf({ name: '', base, with: [{ $ecsService: [{ subnets }] }], verdict: 'pass' })
    const world = worldOfInventory(inventoryOf([...estate, ...parts]))
    const [pull] = pullsOfInventory(world.inventory)
    return traceSubnets(world, { pull: pull!, reference: parseImageReference(pull!.image), needsToken: true })
  }

  it('from which the same ways lead on are told together', () => {
    const { ways, failing: those, internet, privacy } = tracedIn('nat', ...closed)
    expect(ways.map(({ subnetIds }) => subnetIds)).toEqual([['subnet-1', 'subnet-2'], ['subnet-3']])
    expect([...those]).toEqual(['subnet-3'])
    expect([...internet]).toEqual([
      ['subnet-1', true],
      ['subnet-2', true],
      ['subnet-3', false],
    ])
    expect(privacy).toBeUndefined()
  })

  it('whose tables differ and lead the same way are told together', () => {
    const out = [
      third,
      routeTable({ id: 'rtb-third', subnets: ['subnet-3'], routes: [route('0.0.0.0/0', 'nat-1')] }),
      networkAcl({ id: 'acl-3', subnets: ['subnet-3'] }),
    ]
    const { ways, failing: those, privacy } = tracedIn('nat', ...out)
    expect(ways.map(({ subnetIds }) => subnetIds)).toEqual([['subnet-1', 'subnet-2', 'subnet-3']])
    expect([...those]).toEqual([])
    expect(privacy).toBe('C')
  })

  it('that differ by one host are told apart', () => {
    const { ways, failing: those } = tracedIn('uneven')
    expect(ways.map(({ subnetIds }) => subnetIds)).toEqual([['subnet-1'], ['subnet-2'], ['subnet-3']])
    expect([...those]).toEqual(['subnet-2'])
  })
})
