import { describe, expect, it } from 'vitest'
import { maximumPatternLength } from '../../shared/iam/match/wildcard.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import type { JsonObject } from '../../shared/model/json.ts'

const statement = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }

function parse(json: JsonObject, duplicateKeys: readonly string[] = []) {
  return parsePolicy({ json, text: JSON.stringify(json), duplicateKeys })
}

function reasonOf(change: JsonObject): string {
  const parsed = parse({ Statement: [{ ...statement, ...change }] })
  return parsed.ok ? 'parsed' : parsed.reason
}

describe('what AWS refuses', () => {
  it.each(['2012-10-18', '2012-10-17 ', ''])('cannot read a policy of version "%s"', (version) => {
    expect(parse({ Version: version, Statement: [statement] })).toEqual({
      ok: false,
      reason: `Version ${version} is neither 2012-10-17 nor 2008-10-17`,
    })
  })

  it.each(['Conditions', 'condition', 'Resources'])('does not pass over an element %s', (name) => {
    expect(reasonOf({ [name]: {} })).toBe(`statement 1: unknown element ${name}`)
  })
})

describe('duplicate keys', () => {
  it.each([
    '/Statement',
    '/Statement/0/Effect',
    '/Statement/0/Principal/AWS',
    '/Statement/3/Condition/StringEquals',
    '/Version',
  ])('refuses a policy with two of %s', (pointer) => {
    expect(parse({ Statement: [statement] }, [pointer])).toEqual({
      ok: false,
      reason: `duplicate key ${pointer}: parsers disagree which one counts`,
    })
  })

  it('remarks on two of a key that decides nothing', () => {
    const harmless = parse({ Statement: [statement] }, ['/Id'])
    expect(harmless.ok && harmless.notes).toEqual(['duplicate key /Id'])
  })

  it('does not take the answer for a text without duplicates when there are some', () => {
    expect(parse({ Id: 'same', Statement: [statement] }).ok).toBe(true)
    expect(parse({ Id: 'same', Statement: [statement] }, ['/Statement']).ok).toBe(false)
  })
})

describe('size caps', () => {
  it('reads 1000 statements and refuses one more', () => {
    expect(parse({ Statement: Array.from({ length: 1000 }, () => statement) }).ok).toBe(true)
    expect(parse({ Statement: Array.from({ length: 1001 }, () => statement) })).toEqual({
      ok: false,
      reason: 'the policy has more than 1000 statements',
    })
  })

  it('reads 2000 values and refuses one more, in each element', () => {
    const values = Array.from({ length: 2001 }, (_, index) => `v${index}`)
    const most = values.slice(0, 2000)
    expect(reasonOf({ Action: most })).toBe('parsed')
    expect(reasonOf({ Action: values })).toBe('statement 1: Action has more than 2000 values')
    expect(reasonOf({ Resource: values })).toBe('statement 1: Resource has more than 2000 values')
    expect(reasonOf({ Principal: { AWS: values } })).toBe('statement 1: Principal AWS has more than 2000 values')
    expect(reasonOf({ Condition: { StringLike: { k: most } } })).toBe('parsed')
    expect(reasonOf({ Condition: { StringLike: { k: values } } })).toBe(
      'statement 1: Condition StringLike k has more than 2000 values',
    )
  })

  it('reads a value of the greatest length and refuses one character more', () => {
    const longest = 'a'.repeat(maximumPatternLength)
    const tail = `has a value longer than ${maximumPatternLength} characters`
    expect(reasonOf({ Action: longest })).toBe('parsed')
    expect(reasonOf({ Action: `${longest}a` })).toBe(`statement 1: Action ${tail}`)
    expect(reasonOf({ Condition: { StringLike: { k: `${longest}a` } } })).toBe(
      `statement 1: Condition StringLike k ${tail}`,
    )
  })
})
