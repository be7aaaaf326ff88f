import { describe, expect, it } from 'vitest'
import { commonMatch, patternsOverlap } from '../../shared/iam/match/overlap.ts'
import {
  compileResourceParts,
  compileResourcePattern,
  coversResource,
} from '../../shared/iam/match/resource-pattern.ts'
import { beginsAt, compileParts, compileTextPattern, matchesTextPattern } from '../../shared/iam/match/text-pattern.ts'

describe('a text that matches two patterns', () => {
  it.each([
    ['', '', ''],
    ['*', '*', ''],
    ['*', '', ''],
    ['a', 'a', 'a'],
    ['a*', '*b', 'ab'],
    ['a?', '?b', 'ab'],
    ['?', '*', 'x'],
    ['?', '?', 'x'],
    ['?\u0000', 'a?', 'a\u0000'],
    ['*c*', 'ab*', 'abc'],
    ['ecr:*', '*:Get?', 'ecr:Getx'],
  ])('%j and %j is %j', (first, second, text) => {
    expect(commonMatch(first, second)).toEqual({ text })
  })

  it.each([
    ['a', 'b'],
    ['a', ''],
    ['?', ''],
    ['a*', 'b*'],
    ['*a', '*b'],
    ['a', '\u0000'],
    ['\u0000', 'a'],
    ['a?', 'a'],
  ])('%j and %j is not to be had', (first, second) => {
    expect(commonMatch(first, second)).toBeUndefined()
    expect(patternsOverlap(first, second)).toBe(false)
  })

  it('is searched for in pairs up to a size, and larger pairs count as overlapping', () => {
    expect(commonMatch('a'.repeat(199), 'b'.repeat(99))).toBeUndefined()
    expect(commonMatch('a'.repeat(200), 'b'.repeat(99))).toBe('too long')
    expect(commonMatch('a'.repeat(199), 'b'.repeat(100))).toBe('too long')
    expect(patternsOverlap('a'.repeat(200), 'b'.repeat(99))).toBe(true)
  })
})

describe('a pattern of text', () => {
  // Every pattern of up to four symbols on every text of up to four letters.
  const words = (letters: readonly string[]) => {
    let longest: readonly string[] = ['']
    const all = ['']
    for (let length = 1; length <= 4; length += 1) {
      longest = longest.flatMap((word) => letters.map((letter) => word + letter))
      all.push(...longest)
    }
    return all
  }

  it('matches what the definition says', () => {
    for (const pattern of words(['a', 'b', '*', '?'])) {
      const definition = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      const compiled = compileTextPattern(pattern)
      const [wrong] = words(['a', 'b']).filter((text) => matchesTextPattern(compiled, text) !== definition.test(text))
      expect(wrong, pattern).toBeUndefined()
    }
  })

  it.each([
    ['*a?b*', 'xaxaxb', true],
    ['*a?b*', 'xaxaxc', false],
    ['*??*', 'a', false],
    ['*??*', 'ab', true],
    ['a*??*b', 'a1b', false],
    ['a*??*b', 'a12b', true],
    ['*ab?*cd?', 'ab1cd2', true],
    ['*ab?*cd?', 'ab1cd', false],
    ['*?long?*', 'longlong', false],
    ['*?long?*', 'xlonglong', true],
    ['*b*b*', 'ab', false],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(matchesTextPattern(compileTextPattern(pattern), text)).toBe(expected)
  })

  it('matches from a place on', () => {
    const from = (pattern: string, text: string, place: number) =>
      matchesTextPattern(compileTextPattern(pattern), text, place)
    expect(from('b', 'ab', 1)).toBe(true)
    expect(from('b?', 'ab', 1)).toBe(false)
    expect(from('?c', 'abc', 1)).toBe(true)
    expect(from('b*d', 'abcd', 1)).toBe(true)
    expect(from('a*d', 'abcd', 1)).toBe(false)
    expect(from('*a*', 'abc', 1)).toBe(false)
    expect(beginsAt(compileTextPattern('b*d'), 'abcx', 1)).toBe(true)
    expect(beginsAt(compileTextPattern('b*d'), 'abcx', 0)).toBe(false)
  })

  it('takes the stars of variables as characters', () => {
    const pattern = compileParts([
      { text: 'a', literal: false },
      { text: '*?', literal: true },
      { text: 'b*', literal: false },
    ])
    expect(['a*?b', 'a*?bc', 'axyb', 'a*xb'].map((text) => matchesTextPattern(pattern, text))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('a pattern of resources', () => {
  const app = 'arn:aws:ecr:eu-west-1:111122223333:repository/app'

  it.each([
    ['*', app, true],
    ['**', '*', true],
    ['arn:*', '*', false],
    ['arn:aws:ecr:*:*:*', '*', false],
    [app, app, true],
    [app, `${app}2`, false],
    ['arn:aws:ecr:eu-west-1:111122223333:repository/*', app, true],
    ['arn:aws:ecr:eu-west-1:111122223333:*/base', app, false],
    ['arn:aws:ecr:eu-west-1:111122223333:repository/ap?', app, true],
    ['arn:aws:ecr:eu-west-1:111122223334:*', app, false],
    ['arn:aws:ecr:eu-*:111122223333:repository/app', app, true],
    ['arn:aws:ecr:eu-?:111122223333:repository/app', app, false],
    ['arn:aws:ecr:*:111122223333:repository/app', app, true],
    ['arn:aws:*:111122223333:repository/app', app, true],
    ['arn:aws:*:111122223333:repository/base', app, false],
    ['arn:aws:s3:*:111122223333:repository/app', app, false],
    ['arn:*:*:*:*:repository/app', app, true],
    ['arn:*:repository/app', app, true],
    ['arn:*:repository/base', app, false],
    ['arn:*', app, true],
    ['arn:aws:ecr', app, true],
    ['arn:aws:s3', app, false],
    ['arn*app', app, true],
    ['arn*base', app, false],
    ['repository/app', app, false],
    ['repository/app', 'repository/app', true],
    ['arn:aws:ecr:*:*:repository/a:b', 'arn:aws:ecr:eu-west-1:111122223333:repository/a:b', true],
    ['arn:aws:ecr:eu*:1:a*', 'arn:aws:ecr:eu:x:1:ab', true],
    ['arn:aws:ecr:eu*:1:a', 'arn:aws:ecr:eu:1:x:1:a', true],
    ['arn:aws:ecr:eu*:1:a', 'arn:aws:ecr:eu:1:x:1:ab', false],
    ['arn:aws:ecr:eu*:1:a?', 'arn:aws:ecr:eu:1:x:1:ab', true],
    ['arn:aws:ecr:e*:1*:1:a', 'arn:aws:ecr:e:1:1:a', true],
  ])('%s on %s: %s', (pattern, arn, expected) => {
    expect(coversResource(compileResourcePattern(pattern), arn)).toBe(expected)
  })

  it('takes the star of a variable as a character, which never runs on over a colon', () => {
    const pattern = compileResourceParts([
      { text: 'arn:aws:e', literal: false },
      { text: '*', literal: true },
      { text: ':r:1:repository/?', literal: false },
    ])
    const covers = (arn: string) => coversResource(pattern, arn)
    expect(covers('arn:aws:e*:r:1:repository/a')).toBe(true)
    expect(covers('arn:aws:ecr:r:1:repository/a')).toBe(false)
    expect(covers('arn:aws:e*:x:r:1:repository/a')).toBe(false)
  })
})
