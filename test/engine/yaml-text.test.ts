import { describe, expect, it } from 'vitest'
import { readYaml } from '../../shared/engine/yaml-text.ts'
import { InputError } from '../../shared/model/errors.ts'

function refusal(text: string): string {
  try {
    readYaml(text, 'settings.yaml')
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as InputError).message
  }
  return 'taken'
}

describe('a YAML text', () => {
  it('is read as plain values, every key of a map as the text it is written in', () => {
    const { value } = readYaml('a: [1, "1", true, ~]\n~: no key\n1: one\n', 'settings.yaml')
    expect(value).toStrictEqual({ a: [1, '1', true, null], '~': 'no key', '1': 'one' })
  })

  it('without a word is null', () => {
    expect(readYaml('# later\n', 'settings.yaml').value).toBeNull()
  })

  it.each([
    ['a list that never ends', 'a: b\nrules: [\n', /^settings\.yaml:3: not valid YAML: Flow sequence .+$/],
    ['a key that is a list', 'a: b\n? [c]\n: d\n', /^settings\.yaml:2: not valid YAML: With stringKeys, all keys .+$/],
    ['a key given twice', 'a: b\n\na: c\n', /^settings\.yaml:3: not valid YAML: Map keys must be unique.+$/],
    ['an alias of nothing', 'a: b\nc: *d\n', /^settings\.yaml:1: not valid YAML: Unresolved alias .+$/],
    ['brackets without end', '['.repeat(20_000), /^settings\.yaml:1: not valid YAML: nested too deeply$/],
  ])('that has %s is refused in one line that says where and why', (_name, text, message) => {
    expect(refusal(text)).toMatch(message)
  })
})

describe('the line of a part of a YAML text', () => {
  const text = `rules:
  first:
    enabled: true
  second: &second
    parameters:
      limit: 1
      rules: 2
  third: *second
  '0': zero
list:
  - one
  - two: 2
    second: 3
  -
    - deep
`
  const { at } = readYaml(text, 'settings.yaml')

  it.each<[string, readonly PropertyKey[], number]>([
    ['a key', ['rules'], 1],
    ['a key inside a key', ['rules', 'second', 'parameters', 'limit'], 6],
    ['an entry of a list', ['list', 0], 11],
    ['a key of an entry of a list', ['list', 1, 'second'], 13],
    ['an entry of a list in a list', ['list', 2, 0], 15],
    ['a key that looks like a number', ['rules', '0'], 9],
    ['an absent key, which is that of what lacks it', ['rules', 'second', 'parameters', 'list'], 5],
    ['an absent entry of a list, which is that of the list', ['list', 7], 10],
    ['a word where a list has entries, which is that of the list', ['list', 'length'], 10],
    ['a number where a map has keys, which is that of the map', ['rules', 0], 1],
    ['a part of a plain value, which is that of the value', ['rules', 'first', 'enabled', 'length'], 3],
    ['a part of an alias, which is that of the alias', ['rules', 'third', 'parameters', 'rules'], 8],
    ['an absent part of absent parts', ['nobody', 'rules', 'second'], 1],
    ['the whole', [], 1],
  ])('is that of %s', (_name, path, line) => {
    expect(at(path)).toBe(`settings.yaml:${line}`)
  })

  it('is the first of an empty text', () => {
    expect(readYaml('', 'settings.yaml').at(['rules', 'first'])).toBe('settings.yaml:1')
  })
})
