import { describe, expect, it } from 'vitest'
import { parseJsonSettings } from '../../shared/engine/json-settings.ts'
import { readJson } from '../../shared/engine/json-text.ts'
import { parseSettings } from '../../shared/engine/settings.ts'

const parse = (text: string) => parseJsonSettings(text, 'PULLPATH_SETTINGS', [], ['other-rule'])

describe('settings as JSON', () => {
  it.each([
    ['empty text', ''],
    ['white space', ' \n'],
    ['null', 'null'],
    ['an empty object', '{}'],
  ])('that are %s are those of a user who set nothing', (_name, text) => {
    expect(parse(text)).toEqual(parseSettings('', 'settings.yaml', []))
  })

  it('say what the same text says as YAML', () => {
    const text = '{"undetermined":"leave","trustedAccounts":["111122223333"],"rules":{"other-rule":{"enabled":false}}}'
    expect(parse(text)).toEqual(parseSettings(text, 'settings.yaml', [], ['other-rule']))
    expect(parse(text).trustedAccounts).toEqual(['111122223333'])
  })

  it.each([
    ['YAML', 'undetermined: leave', 'not valid JSON: "pullpath settings FILE" prints a YAML file as JSON'],
    ['a list', '[]', 'settings: Invalid input: expected object, received array'],
    ['an unknown key', '{"trusted":[]}', 'trusted: unknown key; expected one of organizationId, ownAccounts'],
    ['a key of objects', '{"__proto__":{}}', '__proto__: unknown key'],
    ['a number', '{"ownAccounts":[111122223333]}', 'ownAccounts.0: expected a 12-digit account id in quotes'],
    ['a bad word', '{"undetermined":"x"}', 'undetermined: Invalid option: expected one of "report"|"leave"'],
    ['an unknown rule', '{"rules":{"nobody":{}}}', 'rules.nobody: unknown rule id'],
  ])('that are %s are refused with the field', (_name, text, message) => {
    expect(() => parse(text)).toThrow(`PULLPATH_SETTINGS: ${message}`)
  })

  it('have one name for all of their parts, those of an empty text included', () => {
    for (const text of [' ', '{"rules":{}}']) expect(readJson(text, 'PULLPATH_SETTINGS').at()).toBe('PULLPATH_SETTINGS')
  })

  it('that are no JSON are refused without a word of theirs', () => {
    expect(() => parse('{"secret-word')).toThrow(/^(?!.*secret-word)/)
  })
})
