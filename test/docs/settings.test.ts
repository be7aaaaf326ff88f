import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { organizationFactsIn } from '../../shared/engine/organization-facts.ts'
import { parseSettings } from '../../shared/engine/settings.ts'
import { rules } from '../../shared/rules/index.ts'
import { organizationFileOf } from '../../shared/sources/published/organization-file.ts'

const textOf = (page: string) => readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8')

/** The fenced examples of a page in a language. */
function examples(page: string, language: string): readonly string[] {
  return [...textOf(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, said, text = '']) =>
    said === language ? [text] : [],
  )
}

/** The keys that the first column of a table names. */
function keysOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(/^\| `([a-zA-Z.]+)` \|/gm)].map(([, key = '']) => key)
}

const now = new Date('2026-11-21T12:00:00Z')

describe('the page on settings', () => {
  it('shows settings that are accepted, with the age it speaks of', () => {
    const [first, ...more] = examples('settings.md', 'yaml').map((text) =>
      parseSettings(text, 'settings.md', rules, [], now),
    )
    expect(more).toEqual([])
    expect(first?.organizationFacts).toEqual({ maxAge: 24 })
    expect(first?.organizationId).toBe('o-exampleorg1')
  })

  it('names every key that settings may have', () => {
    const refusal = () => parseSettings('nonsense: 1', 'x', rules)
    const known = /expected one of (.*)$/
    let message = ''
    try {
      refusal()
    } catch (error) {
      message = error instanceof Error ? error.message : ''
    }
    const keys = known.exec(message)?.[1]?.split(', ') ?? []
    expect(keys).toHaveLength(11)
    const documented = new Set(keysOf('settings.md').map((key) => key.split('.')[0]))
    expect(keys.filter((key) => !documented.has(key))).toEqual([])
  })

  it.each([
    [0, false],
    [1, true],
    [8760, true],
    [8761, false],
    [1.5, false],
    ['72', false],
  ])('says rightly whether the organization may be %j hours old', (maxAge, isFine) => {
    const parse = () => parseSettings(JSON.stringify({ organizationFacts: { maxAge } }), 'x', rules)
    if (isFine) expect(parse().organizationFacts).toEqual({ maxAge })
    else expect(parse).toThrow(/organizationFacts.maxAge: .*whole number of hours from 1 to 8760/)
  })

  it('says rightly that it is 72 without being told', () => {
    expect(organizationFactsIn('{}', 'x')).toEqual({ maxAge: 72 })
    expect(textOf('settings.md')).toMatch(/`organizationFacts.maxAge` \|.* \| 72 \|/)
  })

  it('shows an organization that members accept', () => {
    const [text = ''] = examples('settings.md', 'json')
    const file = organizationFileOf(text, now)
    expect(file.regions).toEqual(['eu-central-1', 'us-east-1'])
    expect(file.managementAccountId).toBe('111122223333')
    expect(() => organizationFileOf(text.replace('"regions"', '"places"'), now)).toThrow('pullpath.regions')
  })
})

describe('the page on exceptions', () => {
  it('shows exceptions that are accepted', () => {
    const settings = examples('exceptions.md', 'yaml').map((text) =>
      parseSettings(text, 'exceptions.md', rules, [], now),
    )
    expect(settings.map(({ exceptions }) => exceptions.length)).toEqual([2])
  })
})
