import { describe, expect, it } from 'vitest'
import { failing, hopOf, passing, skipping, together, undecided, worst } from '../../../shared/pull/hops/hop-answer.ts'

const evidence = (source: string) => [{ source, detail: 'x' }]
const good = passing('fine', 'It works', { evidence: evidence('a'), assumptions: ['assumes a'] })
const broken = failing('broken', 'It breaks', { evidence: evidence('b'), assumptions: ['assumes b'], fix: 'Mend b' })
const open = undecided('open', 'It may work', ['the thing'], { evidence: evidence('c') })

describe('parts of a hop', () => {
  it.each([
    [['skipped', 'pass'], 'pass'],
    [['pass', 'unknown'], 'unknown'],
    [['unknown', 'fail', 'pass'], 'fail'],
    [['skipped'], 'skipped'],
  ] as const)('of status %j come to %s', (statuses, expected) => {
    expect(worst(statuses)).toBe(expected)
  })

  it('that break say what breaks and nothing of what works', () => {
    expect(together([good, broken, open])).toEqual(broken)
  })

  it('that break twice say both, each once', () => {
    const other = failing('other', 'That breaks', { evidence: evidence('b'), fix: 'Mend c' })
    expect(together([broken, other, broken])).toEqual({
      status: 'fail',
      code: 'broken',
      reason: 'It breaks; That breaks',
      evidence: evidence('b'),
      assumptions: ['assumes b'],
      missing: [],
      fix: 'Mend b; Mend c',
    })
  })

  it('that all work carry what each takes for granted', () => {
    const other = passing('fine', 'It works', { evidence: evidence('d'), assumptions: ['assumes d'] })
    expect(together([good, other])).toMatchObject({
      status: 'pass',
      reason: 'It works',
      evidence: [...evidence('a'), ...evidence('d')],
      assumptions: ['assumes a', 'assumes d'],
    })
  })

  it('tell three reasons at most', () => {
    const parts = ['1', '2', '3', '4', '5'].map((name) => failing(name, name))
    expect(together([failing('0', '0'), ...parts]).reason).toBe('0; 1; 2; and 3 more')
  })
})

describe('parts of a hop', () => {
  it('that are one are that one, however much it says', () => {
    const many = Array.from({ length: 23 }, (_, index) => ({ source: 'a', detail: String(index) }))
    const one = passing('fine', 'It works', { evidence: many })
    expect(together([one])).toBe(one)
    expect(together([skipping('none', 'Nothing'), one]).evidence).toEqual(many.slice(0, 20))
  })

  it('that are open name what is missing in each, and mend nothing', () => {
    const other = undecided('other', 'It might', ['another thing', 'the thing'])
    expect(together([open, other])).toEqual({
      status: 'unknown',
      code: 'open',
      reason: 'It may work; It might',
      evidence: evidence('c'),
      assumptions: [],
      missing: ['the thing', 'another thing'],
    })
  })

  it('of which one works beside one that was not asked tell what works', () => {
    expect(together([skipping('none', 'Nothing'), good])).toMatchObject({
      status: 'pass',
      reason: 'It works',
      evidence: evidence('a'),
      assumptions: ['assumes a'],
    })
  })

  it('that break in many ways mend each, up to a limit', () => {
    const parts = ['1', '2', '3', '4', '5', '6', '7'].map((name) => failing(name, name, { fix: `Mend ${name}` }))
    const [first, ...others] = parts
    expect(together([first!, ...others]).fix).toBe(
      parts
        .slice(0, 5)
        .map(({ fix }) => fix)
        .join('; '),
    )
  })

  it('without a fix have no such property', () => {
    expect(Object.keys(failing('broken', 'It breaks'))).not.toContain('fix')
    expect(Object.keys(together([failing('0', '0'), failing('1', '1')]))).not.toContain('fix')
  })
})

describe('a hop', () => {
  it('of every subnet names none', () => {
    expect(Object.keys(hopOf('dns', good))).not.toContain('subnets')
  })

  it('names the subnets when they disagree', () => {
    expect(hopOf('dns', broken, ['subnet-1', 'subnet-2'])).toEqual({
      hop: 'dns',
      status: 'fail',
      code: 'broken',
      reason: 'In subnet-1 and subnet-2: It breaks',
      evidence: evidence('b'),
      assumptions: ['assumes b'],
      fix: 'Mend b',
      subnets: ['subnet-1', 'subnet-2'],
    })
  })

  it('without a fix has none, and an open one without named facts names itself', () => {
    expect(hopOf('dns', skipping('none', 'Nothing'))).not.toHaveProperty('fix')
    expect(undecided('open', 'Whether it works', []).missing).toEqual(['Whether it works'])
  })
})
