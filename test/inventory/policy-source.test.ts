import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { duplicateJsonKeys, nestsDeeperThan } from '../../shared/inventory/json-text.ts'
import { maxPolicyLength, policySource } from '../../shared/inventory/policy-source.ts'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonValue } from '../../shared/model/json.ts'

const where = 'the policy of x'
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Sid: 'a+b %' }] }
const text = JSON.stringify(policy)
const source = known({ json: policy, text, duplicateKeys: [] })

describe('decoding a policy', () => {
  const cases: readonly [name: string, value: JsonValue | undefined, fact: unknown][] = [
    ['undefined is no policy', undefined, absent()],
    ['null is no policy', null, absent()],
    ['the empty text is no policy', '', absent()],
    ['the empty object is no policy', {}, absent()],
    ['the text of an empty object is no policy', ' {} ', absent()],
    ['an object is the policy', policy, source],
    ['a list of one object is that object', [policy], source],
    ['JSON text is decoded', text, source],
    [
      'URL-encoded text is decoded without touching plus signs',
      encodeURIComponent(text).replaceAll('%2B', '+'),
      source,
    ],
    ['text of a list of one is unwrapped', `[${text}]`, known({ json: policy, text: `[${text}]`, duplicateKeys: [] })],
    [
      'a list of two is not understood',
      [policy, policy],
      unknown(`${where} is not a policy document: expected a JSON object`),
    ],
    ['an empty list is not understood', [], unknown(`${where} is not a policy document: expected a JSON object`)],
    ['a number is not understood', 7, unknown(`${where} is not a policy document: expected a JSON object`)],
    ['the text null is not understood', 'null', unknown(`${where} is not a policy document: expected a JSON object`)],
    ['cut text is unknown', text.slice(0, -1), unknown(`${where} is not valid JSON`)],
    ['broken URL encoding is unknown', '%7B%', unknown(`${where} is not valid URL encoding`)],
    ['white space alone is unknown', ' ', unknown(`${where} is not valid JSON`)],
    [
      'too long a text is unknown',
      `{"a":"${'x'.repeat(maxPolicyLength)}"}`,
      unknown(`${where} is longer than 102400 characters`),
    ],
    [
      'too long an object is unknown',
      { a: 'x'.repeat(maxPolicyLength) },
      unknown(`${where} is longer than 102400 characters`),
    ],
    ['too deep a text is unknown', '['.repeat(65), unknown(`${where} nests deeper than 64 levels`)],
  ]
  it.each(cases)('%s', (_, value, fact) => {
    expect(policySource(value, where)).toEqual(fact)
  })

  it('calls an object nested too deep unknown, without using the stack', () => {
    let value: JsonValue = {}
    for (let i = 0; i < 100_000; i++) value = [value]
    expect(policySource(value, where)).toEqual(unknown(`${where} nests deeper than 64 levels`))
  })

  it('reports keys that occur twice', () => {
    expect(policySource('{"Statement":[{"Effect":"Deny","\\u0045ffect":"Allow"}]}', where)).toMatchObject({
      state: 'known',
      value: { duplicateKeys: ['/Statement/0/Effect'], json: { Statement: [{ Effect: 'Allow' }] } },
    })
  })

  it('answers any text and any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.jsonValue()), (value) => {
        expect(['known', 'absent', 'unknown']).toContain(policySource(value as JsonValue, where).state)
      }),
    )
  })
})

describe('looking for duplicate keys', () => {
  const cases: readonly [name: string, text: string, pointers: readonly string[]][] = [
    ['equal keys of different objects are fine', '{"a":{"b":1},"b":{"a":1,"c":[{"a":1},{"a":2}]}}', []],
    ['values equal to keys are fine', '{"a":"a","b":["a","a"]}', []],
    ['keys after nested values are compared', '{"a":{"x":[1,{"y":"}"}]},"a":1}', ['/a']],
    ['pointers name the place and escape it', '[0,{"a/b":{"~":1,"~":2}}]', ['/1/a~1b/~0']],
    ['__proto__ is a key like others', '{"__proto__":1,"__proto__":2}', ['/__proto__']],
    ['a key three times is one finding', '{"a":1,"a":2,"a":3}', ['/a']],
    ['quotes inside keys do not end them', '{"a\\"":1,"a\\\\":2,"a\\u0022":3}', ['/a"']],
  ]
  it.each(cases)('%s', (_, json, pointers) => {
    JSON.parse(json)
    expect(duplicateJsonKeys(json)).toEqual(pointers)
  })

  it('finds none in what JSON.stringify wrote, and exactly the one put there', () => {
    const key = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue(), { minKeys: 1, noNullPrototype: true }), (object) => {
        const written = JSON.stringify(object)
        expect(duplicateJsonKeys(written)).toEqual([])
        const first = Object.keys(object)[0]!
        const doubled = `${written.slice(0, -1)},${JSON.stringify(first)}:0}`
        expect(duplicateJsonKeys(doubled)).toEqual([`/${first.replaceAll('~', '~0').replaceAll('/', '~1')}`])
      }),
    )
  })

  it('counts nesting outside strings only', () => {
    expect(nestsDeeperThan(2, '[["[[[\\"[["]]')).toBe(false)
    expect(nestsDeeperThan(2, '[[{')).toBe(true)
  })
})
