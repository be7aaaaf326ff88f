import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { parseSettings } from '../../shared/engine/settings.ts'
import { InputError } from '../../shared/model/errors.ts'
import { rules } from '../../shared/rules/index.ts'

const now = new Date('2026-11-21T12:00:00.000Z')
const parse = (text: string, time: Date | undefined = now) =>
  parseSettings(text, 'settings.yaml', rules, ['pull-other'], time)

const entry = (change: Readonly<Record<string, unknown>> = {}) => ({
  rule: 'ecr-repository-not-public',
  resource: 'arn:aws:ecr:*:111122223333:repository/app',
  reason: 'the partner moves in spring',
  owner: 'platform@example.org',
  expires: '2027-03-31',
  ...change,
})
const settings = (...entries: readonly object[]) => JSON.stringify({ exceptions: entries })

function refusal(text: string, time: Date | undefined = now): string {
  try {
    parse(text, time)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as InputError).message
  }
  return 'taken'
}

test('an exception is read as it is written', () => {
  const text = `
exceptions:
  - rule: vpc-*
    account: '111122223333'
    tag: { key: stage, value: sandbox-* }
    reason: sandboxes are switched off at night
    owner: network@example.org
    expires: 2027-03-31
  - rule: ecr-repository-not-public
    resource: arn:aws:ecr:*:*:repository/app
    reason: the partner moves in spring
    owner: platform@example.org
    expires: 2020-01-01
`
  expect(parse(text).exceptions).toEqual([
    {
      rule: 'vpc-*',
      account: '111122223333',
      tag: { key: 'stage', value: 'sandbox-*' },
      reason: 'sandboxes are switched off at night',
      owner: 'network@example.org',
      expires: '2027-03-31',
    },
    {
      rule: 'ecr-repository-not-public',
      resource: 'arn:aws:ecr:*:*:repository/app',
      reason: 'the partner moves in spring',
      owner: 'platform@example.org',
      expires: '2020-01-01',
    },
  ])
})

describe('a bad exception is refused in one line that names its line and key', () => {
  const yaml = (...lines: readonly string[]) => `exceptions:\n  - ${lines.join('\n    ')}\n`
  const [rule, account] = ['rule: ecr-repository-not-public', "account: '111122223333'"]
  const rest = ['reason: r', 'owner: o', 'expires: 2027-03-31']

  test.each<[string, string, string]>([
    ['no owner', yaml(rule, account, 'reason: r', 'expires: 2027-03-31'), 'settings.yaml:2: exceptions.0.owner: '],
    ['no reason', yaml(rule, account, 'owner: o', 'expires: 2027-03-31'), 'settings.yaml:2: exceptions.0.reason: '],
    [
      'a blank reason',
      yaml(rule, account, 'reason: " "', 'owner: o', 'expires: 2027-03-31'),
      'settings.yaml:4: exceptions.0.reason: expected some text',
    ],
    [
      'no end',
      yaml(rule, account, 'reason: r', 'owner: o'),
      'settings.yaml:2: exceptions.0.expires: expected a date (YYYY-MM-DD)',
    ],
    [
      'an end that is no day',
      yaml(rule, account, 'reason: r', 'owner: o', 'expires: 2027-02-29'),
      'settings.yaml:6: exceptions.0.expires: expected a date (YYYY-MM-DD)',
    ],
    [
      'an end that is a time',
      yaml(rule, account, 'reason: r', 'owner: o', 'expires: 2027-02-28T00:00:00Z'),
      'settings.yaml:6: exceptions.0.expires: expected a date (YYYY-MM-DD)',
    ],
    [
      'an end too far ahead',
      yaml(rule, account, 'reason: r', 'owner: o', 'expires: 2027-11-23'),
      'settings.yaml:6: exceptions.0.expires: expected a date at most 366 days ahead',
    ],
    [
      'an unknown rule',
      yaml('rule: ecr-nothing', account, ...rest),
      'settings.yaml:2: exceptions.0.rule: unknown rule id; "pullpath rules list" names them all',
    ],
    [
      'the start of no rule',
      yaml('rule: ecs-nothing-*', account, ...rest),
      'settings.yaml:2: exceptions.0.rule: unknown rule id',
    ],
    [
      'every rule',
      yaml('rule: "*"', account, ...rest),
      'settings.yaml:2: exceptions.0.rule: expected a rule id, or the start of some',
    ],
    [
      'a star inside',
      yaml('rule: ecr-*-public', account, ...rest),
      'settings.yaml:2: exceptions.0.rule: expected a rule id, or the start of some',
    ],
    [
      'neither resource nor account',
      yaml(rule, ...rest),
      'settings.yaml:2: exceptions.0: expected an account, or a resource whose last part',
    ],
    [
      'a resource that is all of them',
      yaml(rule, 'resource: arn:aws:ecr:*:*:**', ...rest),
      'settings.yaml:2: exceptions.0: expected an account, or a resource whose last part is more than "*"',
    ],
    [
      'a resource that is no ARN',
      yaml(rule, 'resource: app', ...rest),
      'settings.yaml:3: exceptions.0.resource: expected an ARN',
    ],
    [
      'an account that YAML reads as a number',
      yaml(rule, 'account: 111122223333', ...rest),
      'settings.yaml:3: exceptions.0.account: expected a 12-digit account id in quotes',
    ],
    [
      'a tag alone',
      yaml(rule, 'tag: { key: stage, value: sandbox }', ...rest),
      'settings.yaml:2: exceptions.0: expected an account, or a resource',
    ],
    [
      'a tag on resources of any account',
      yaml(rule, 'resource: arn:aws:ecr:*:*:repository/app', 'tag: { key: stage, value: sandbox }', ...rest),
      'settings.yaml:2: exceptions.0: expected an account besides the tag: by "account", or spelled out in "resource"',
    ],
    [
      'an unknown key',
      yaml(rule, account, ...rest, 'until: never'),
      'settings.yaml:7: exceptions.0.until: unknown key; expected one of rule, resource, account, tag, reason, owner, expires',
    ],
    [
      'an unknown key of a tag',
      yaml(rule, account, ...rest, 'tag: { key: a, value: b, like: c }'),
      'settings.yaml:7: exceptions.0.tag.like: unknown key; expected one of key, value',
    ],
    ['no list', 'exceptions: {}\n', 'settings.yaml:1: exceptions: '],
  ])('%s', (_name, text, message) => {
    const given = refusal(text)
    expect(given.slice(0, message.length)).toBe(message)
    expect(given).not.toContain('\n')
  })

  test('the second entry is named by its own line', () => {
    const text = `${yaml(rule, account, ...rest)}  - ${[rule, account, ...rest].join('\n    ')}\n    extra: 1\n`
    expect(refusal(text)).toMatch(/^settings\.yaml:12: exceptions\.1\.extra: unknown key/)
  })
})

test('what an exception may be is taken', () => {
  expect(refusal(settings(entry()))).toBe('taken')
  expect(refusal(settings(entry({ rule: 'pull-other' })))).toBe('taken')
  expect(refusal(settings(entry({ expires: '2027-11-22' })))).toBe('taken')
  expect(refusal(settings(entry({ tag: { key: 'stage', value: '*' } })))).toBe('taken')
  expect(refusal(settings(entry({ resource: 'arn:aws:ecr:*:*:*', account: '111122223333' })))).toBe('taken')
  expect(refusal('exceptions: []')).toBe('taken')
})

describe('a tag', () => {
  const tag = { key: 'stage', value: 'sandbox' }
  const byTag = (rule: string) => settings(entry({ rule, resource: undefined, account: '111122223333', tag }))

  test.each(['ecr-registry-policy-not-public', 'ecr-registry-*', 'ecr-pull-through-cache-restricted'])(
    'of nothing that %s judges is refused: it can carry none',
    (rule) => {
      expect(refusal(byTag(rule))).toBe(
        'settings.yaml:1: exceptions.0.tag: nothing that the rule judges can carry tags',
      )
    },
  )

  test.each(['ecr-*', 'ecr-repository-not-public', 'vpc-*', 'role-*', 'image-*', 'pull-other', 'ecs-*', 'eks-*'])(
    'of something that %s judges is taken',
    (rule) => {
      expect(refusal(byTag(rule))).toBe('taken')
    },
  )

  test('is taken where nobody knows what the rule judges, and by functions, which have to go on', () => {
    const known = rules.filter(({ id }) => !id.startsWith('ecr-registry-'))
    const others = rules.filter(({ id }) => id.startsWith('ecr-registry-')).map(({ id }) => id)
    expect(parseSettings(byTag('ecr-registry-*'), 'settings.yaml', known, others, now).exceptions).toHaveLength(1)
    const plain = rules.map(({ id, parameters }) => ({ id, parameters }))
    expect(parseSettings(byTag('ecr-registry-*'), 'settings.yaml', plain, [], now).exceptions).toHaveLength(1)
    expect(parseSettings(byTag('ecr-registry-*'), 'settings.yaml', rules).exceptions).toHaveLength(1)
  })
})

test('without a clock the end is not held against today', () => {
  const text = settings(entry({ expires: '2099-01-01' }))
  expect(parseSettings(text, 'settings.yaml', rules).exceptions[0]?.expires).toBe('2099-01-01')
  expect(refusal(text)).toContain('at most 366 days ahead')
})

test('at most 1000 exceptions are taken', () => {
  expect(refusal(settings(...Array.from({ length: 1000 }, () => entry())))).toBe('taken')
  expect(refusal(settings(...Array.from({ length: 1001 }, () => entry())))).toContain(
    'expected at most 1000 exceptions',
  )
})

describe('no settings text does anything but be taken or be refused in one line', () => {
  const harmless = (text: string) => {
    const given = refusal(text)
    expect(given).not.toMatch(/[\n\r]/)
    expect(given === 'taken' || given.startsWith('settings.yaml:')).toBe(true)
  }

  test('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), harmless), { numRuns: 500 })
  })

  test('any text made of what YAML is made of', () => {
    const piece = fc.constantFrom(
      ...['exceptions:', '\n', '  ', '- ', 'rule:', ' a', '*', '&a', '{', '}', '[', ']', ': ', '"', "'", '!!set', '? '],
      ...['|', '>', '---', '...', '<<', '#', ',', '\t', '\u0000', '__proto__', 'expires: 2027-01-01', 'tag:', '1e999'],
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
        harmless,
      ),
      { numRuns: 2000 },
    )
  })

  test('any value in the place of settings, of exceptions, of one or of a part of one', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const keys = fc.constantFrom(
      'rule',
      'resource',
      'account',
      'tag',
      'reason',
      'owner',
      'expires',
      '__proto__',
      'x\ny',
    )
    const documents = fc.oneof(
      value,
      value.map((exceptions) => ({ exceptions })),
      value.map((one) => ({ exceptions: [one] })),
      fc.tuple(keys, value).map(([key, one]) => ({ exceptions: [entry({ [key]: one })] })),
      fc.dictionary(fc.string({ unit: 'binary' }), value).map((rulesById) => ({ rules: rulesById })),
    )
    fc.assert(
      fc.property(documents, fc.boolean(), (one, asYaml) => harmless(asYaml ? stringify(one) : JSON.stringify(one))),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['twenty thousand brackets', '['.repeat(20_000)],
    ['brackets deep inside', `exceptions: ${'['.repeat(9_000)}${']'.repeat(9_000)}`],
    [
      'parameters deep inside',
      `rules: { ecr-repository-not-public: { parameters: { a: ${'['.repeat(900)}${']'.repeat(900)} } } }`,
    ],
    [
      'aliases without end',
      `a: &a [x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [${`*${n === 0 ? 'a' : `b${n - 1}`},`.repeat(9)}]`).join('\n')}`,
    ],
    ['an alias of nothing', 'exceptions: *nothing'],
    ['an alias of itself', 'exceptions: &a [*a]'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['an own key __proto__', '__proto__: { polluted: 1 }'],
  ])('%s', (_name, text) => {
    harmless(text)
    expect(refusal(text)).not.toBe('taken')
    expect({}).not.toHaveProperty('polluted')
  })
})
