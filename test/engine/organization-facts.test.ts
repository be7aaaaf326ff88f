import { describe, expect, it } from 'vitest'
import { organizationFactsIn } from '../../shared/engine/organization-facts.ts'
import { parseSettings } from '../../shared/engine/settings.ts'

const inText = (text: string) => organizationFactsIn(text, 'settings.json')

describe('the setting organizationFacts', () => {
  it('is 72 hours unless the settings say otherwise', () => {
    expect(inText('')).toEqual({ maxAge: 72 })
    expect(inText('{"rules":{}}')).toEqual({ maxAge: 72 })
    expect(inText('{"organizationFacts":{}}')).toEqual({ maxAge: 72 })
    expect(inText('{"organizationFacts":{"maxAge":6}}')).toEqual({ maxAge: 6 })
  })

  it('is part of the settings of everybody', () => {
    const { organizationFacts } = parseSettings('organizationFacts:\n  maxAge: 6\n', 'settings.yaml', [])
    expect(organizationFacts).toEqual({ maxAge: 6 })
  })

  it('is refused when it is no number of hours, or has a key nobody knows', () => {
    const hours = 'organizationFacts.maxAge: expected a whole number of hours from 1 to 8760'
    for (const wrong of ['0', '8761', '1.5', '"6"']) {
      expect(() => inText(`{"organizationFacts":{"maxAge":${wrong}}}`)).toThrow(hours)
    }
    expect(() => inText('{"organizationFacts":"often"}')).toThrow(/^settings.json: organizationFacts: /)
    expect(() => parseSettings('organizationFacts:\n  age: 1\n', 'settings.yaml', [])).toThrow(
      'settings.yaml:2: organizationFacts.age: unknown key; expected one of maxAge',
    )
  })
})
