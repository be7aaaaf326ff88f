import { describe, expect, it } from 'vitest'
import { listOf, pageOf } from '../../../cli/commands/rules.ts'
import { rules } from '../../../shared/rules/index.ts'

const widest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length))

describe('the catalogue', () => {
  it('has one rule a line where nothing limits the width', () => {
    const lines = listOf(rules, Number.POSITIVE_INFINITY).trimEnd().split('\n')
    expect(lines.map((line) => line.split(' ')[0])).toEqual(rules.map(({ id }) => id))
  })

  it.each([60, 80, 120])('fits a terminal of %d columns, and says the same', (width) => {
    const text = listOf(rules, width)
    expect(widest(text)).toBeLessThanOrEqual(width)
    const words = (one: string) => one.split(/\s+/).join(' ')
    expect(words(text)).toBe(words(listOf(rules, Number.POSITIVE_INFINITY)))
  })
})

it.each(rules.map((rule) => [rule.id, rule] as const))(
  'the page of %s fits a terminal, but for addresses',
  (_id, rule) => {
    const text = pageOf(rule, 80)
    const tooWide = text.split('\n').filter((line) => line.length > 80)
    expect(tooWide.filter((line) => !line.includes('https://'))).toEqual([])
    expect(text.split(/\s+/).join(' ')).toContain(rule.why)
  },
)
