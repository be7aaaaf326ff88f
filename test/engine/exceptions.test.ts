import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { auditInventory } from '../../shared/engine/audit.ts'
import {
  mayCarryTags,
  namerOf,
  namesRule,
  subjectOf,
  type TagsOf,
  tagsIn,
} from '../../shared/engine/exception-match.ts'
import { longestTerm, termOf } from '../../shared/engine/exception-term.ts'
import { awaitingTags, expiredExceptions, reviewExceptions, withExceptions } from '../../shared/engine/exceptions.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { unreadTagsMark } from '../../shared/inventory/unread-tags.ts'
import type { Exception } from '../../shared/model/exception.ts'
import type { Compliance, Finding } from '../../shared/model/finding.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { compliant, noncompliant, undetermined } from '../../shared/model/verdict.ts'
import { defineRule } from '../../shared/rules/define-rule.ts'
import { type EstatePart, inventoryOf, repository, role } from '../support/builders.ts'

const now = new Date('2026-11-21T12:00:00.000Z')
const exception = (change: Partial<Exception> = {}): Exception => ({
  rule: 'ecr-sample',
  resource: 'arn:aws:ecr:eu-central-1:111122223333:repository/app',
  reason: 'the partner moves in spring',
  owner: 'platform@example.org',
  expires: '2027-03-31',
  ...change,
})
const finding = (change: Partial<Finding> = {}): Finding => ({
  id: '0123',
  rule: 'ecr-sample',
  severity: 'HIGH',
  compliance: 'NON_COMPLIANT',
  resource: {
    type: 'AWS::ECR::Repository',
    id: 'app',
    arn: 'arn:aws:ecr:eu-central-1:111122223333:repository/app',
    accountId: '111122223333',
    region: 'eu-central-1',
  },
  title: 'Samples are good',
  reason: 'app is open',
  evidence: [{ source: 's', detail: 'd' }],
  assumptions: [],
  remediation: { text: 'Mend it.' },
  ...change,
})
const at = (arn: string, accountId = '111122223333') => finding({ resource: { ...finding().resource, arn, accountId } })
const applied = (findings: readonly Finding[], ...exceptions: readonly Exception[]) =>
  withExceptions(findings, { settings: { exceptions }, now })
const namesFinding = (one: Exception, subject: Finding, tagsOf: TagsOf = () => undefined) =>
  namerOf(one, tagsOf)(subjectOf(subject))

describe('an exception', () => {
  test('is carried by the failure it names and changes nothing else about it, its id least of all', () => {
    expect(applied([finding()], exception())).toEqual([
      {
        ...finding(),
        exception: { reason: 'the partner moves in spring', owner: 'platform@example.org', expires: '2027-03-31' },
      },
    ])
  })

  test.each<[Compliance]>([['COMPLIANT'], ['NOT_APPLICABLE'], ['UNDETERMINED']])(
    'leaves a finding that is %s as it is: it accepts a known failure and nothing else',
    (compliance) => {
      const open = finding({ compliance })
      expect(applied([open], exception())).toEqual([open])
    },
  )

  test('covers nothing when nobody says what time it is', () => {
    const findings = [finding()]
    expect(withExceptions(findings, { settings: { exceptions: [exception()] } })).toBe(findings)
    expect(withExceptions(findings, { settings: { exceptions: [exception()] }, now: new Date(Number.NaN) })).toEqual(
      findings,
    )
  })

  test('that is not there leaves the findings as they are', () => {
    const findings = [finding()]
    expect(applied(findings)).toBe(findings)
    expect(applied(findings, exception({ expires: '2026-11-20' }))).toBe(findings)
  })

  test('that asks for a tag covers nothing where nobody read tags', () => {
    const tag = { key: 'stage', value: '*' }
    expect(applied([finding()], exception({ tag }))).toEqual([finding()])
    const resource = { ...finding().resource, type: 'AWS::IAM::Role' }
    expect(applied([finding({ resource })], exception({ tag }))).toEqual([finding({ resource })])
  })

  test('gives way to one that holds longer; of equals the first is carried', () => {
    const short = exception({ expires: '2026-12-31', owner: 'short' })
    const long = exception({ expires: '2027-06-30', owner: 'long' })
    const equal = exception({ expires: '2027-06-30', owner: 'equal' })
    expect(applied([finding()], short, long, equal)[0]?.exception?.owner).toBe('long')
    expect(applied([finding()], equal, long, short)[0]?.exception?.owner).toBe('equal')
  })
})

describe('the term of an exception', () => {
  test.each([
    ['2026-11-21', '2026-11-21T23:59:59.999Z', 'running'],
    ['2026-11-21', '2026-11-22T00:00:00.000Z', 'expired'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z', 'running'],
    ['2024-02-29', '2024-02-29T23:59:59.999Z', 'running'],
    ['2024-02-29', '2024-03-01T00:00:00.000Z', 'expired'],
    // The 22nd is 366 days ahead of the whole 21st.
    ['2027-11-22', '2026-11-21T00:00:00.000Z', 'running'],
    ['2027-11-22', '2026-11-21T23:59:59.999Z', 'running'],
    ['2027-11-23', '2026-11-21T23:59:59.999Z', 'tooLong'],
    ['2027-11-23', '2026-11-22T00:00:00.000Z', 'running'],
    ['9999-12-31', '2026-11-21T00:00:00.000Z', 'tooLong'],
  ])('that ends on %s is, at %s, %s', (expires, time, expected) => {
    expect(termOf({ expires }, new Date(time))).toBe(expected)
  })

  test('ends with the last millisecond of any day in UTC, and begins at most 366 days before it', () => {
    const day = 86_400_000
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
        const expires = new Date(days * day).toISOString().slice(0, 10)
        const term = (time: number) => termOf({ expires }, new Date(time))
        const midnight = (days + 1) * day
        expect([term(midnight - 1), term(midnight)]).toEqual(['running', 'expired'])
        const earliest = (days - longestTerm) * day
        expect([term(earliest), term(earliest - 1)]).toEqual(['running', 'tooLong'])
      }),
    )
  })

  test('covers the failure to its last millisecond and not one longer', () => {
    const settings = { exceptions: [exception({ expires: '2026-11-21' })] }
    const last = withExceptions([finding()], { settings, now: new Date('2026-11-21T23:59:59.999Z') })
    expect(last[0]?.exception?.expires).toBe('2026-11-21')
    const next = withExceptions([finding()], { settings, now: new Date('2026-11-22T00:00:00.000Z') })
    expect(next).toEqual([finding()])
  })

  test('covers nothing when it ends later than an exception may', () => {
    expect(applied([finding()], exception({ expires: '2027-11-23' }))).toEqual([finding()])
  })
})

describe('what an exception names', () => {
  const names = (change: Partial<Exception>, one: Finding = finding()) =>
    namesFinding(exception({ resource: undefined, ...change }), one)

  test.each([
    ['ecr-sample', 'ecr-sample', true],
    ['ecr-sample', 'ecr-sample-two', false],
    ['ecr-*', 'ecr-sample', true],
    ['ecr-sample*', 'ecr-sample', true],
    ['vpc-*', 'ecr-sample', false],
    ['ecr-sampl', 'ecr-sample', false],
  ])('rule %s: %s is %s', (rule, id, expected) => {
    expect(namesRule({ rule }, id)).toBe(expected)
  })

  test.each<[string, string, boolean]>([
    ['arn:aws:ecr:eu-central-1:111122223333:repository/app', 'the very ARN', true],
    ['arn:aws:ecr:*:111122223333:repository/app', 'any region', true],
    ['arn:*:ecr:*:*:repository/*', 'any repository', true],
    ['arn:aws:ecr:*:*:*a*p*', 'stars in the name', true],
    ['arn:aws:ecr:us-east-1:111122223333:repository/app', 'another region', false],
    ['arn:aws:ecr:*:444455556666:repository/app', 'another account', false],
    ['arn:aws:ecr:*:111122223333:repository/ap', 'a shorter name', false],
    ['arn:aws:ecr:*:111122223333:repository/ap?', 'a question mark, which is one', false],
    ['arn:aws:ecr:*:111122223333:repository/APP', 'another case', false],
    ['arn:aws:*:app', 'no ARN', false],
  ])('%s (%s): %s', (resource, _why, expected) => {
    expect(names({ resource })).toBe(expected)
  })

  test('a star never reaches beyond its part: no account can call its resource what is excepted elsewhere', () => {
    const posing = 'arn:aws:ecr:eu-central-1:999988887777:repository/x:111122223333:repository/app'
    expect(names({ resource: 'arn:aws:ecr:*:111122223333:repository/app' }, at(posing, '999988887777'))).toBe(false)
  })

  test('an ARN that names another account than the resource lies in is named by no pattern', () => {
    const arn = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
    expect(names({ resource: arn }, at(arn, '999988887777'))).toBe(false)
    expect(names({ resource: 'arn:aws:ecr:*:*:*' }, at('app'))).toBe(false)
  })

  test('an ARN without an account, as a bucket has one, is that of the resource it stands for', () => {
    expect(names({ resource: 'arn:aws:s3:::logs' }, at('arn:aws:s3:::logs'))).toBe(true)
    expect(names({ resource: 'arn:aws:s3:::logs-*' }, at('arn:aws:s3:::logs'))).toBe(false)
  })

  test('the account is that of the resource, whatever its ARN says', () => {
    expect(names({ account: '111122223333' }, at('app'))).toBe(true)
    expect(names({ account: '111122223333' }, at('app', '999988887777'))).toBe(false)
  })

  test('every selector must fit', () => {
    const resource = 'arn:aws:ecr:*:*:repository/app'
    expect(names({ resource, account: '111122223333' })).toBe(true)
    expect(names({ resource, account: '444455556666' })).toBe(false)
    expect(names({ rule: 'vpc-*', resource, account: '111122223333' })).toBe(false)
  })

  test.each<[Record<string, string> | undefined, boolean]>([
    [{ stage: 'sandbox-7' }, true],
    [{ stage: 'sandbox-' }, true],
    [{ stage: 'prod' }, false],
    [{ Stage: 'sandbox-7' }, false],
    [{ stage: '' }, false],
    [{}, false],
    [undefined, false],
  ])('a tag stage=sandbox-* fits the tags %j: %s', (tags, expected) => {
    const wanted = exception({ tag: { key: 'stage', value: 'sandbox-*' } })
    const tagsOf = () => (tags === undefined ? undefined : new Map(Object.entries(tags)))
    expect(namesFinding(wanted, finding(), tagsOf)).toBe(expected)
  })

  test('no tag widens what an exception names: with a tag it never covers more than without', () => {
    const part = fc.constantFrom('app', 'a*', '*', 'b', '')
    const tags = fc.dictionary(fc.constantFrom('stage', '__proto__', 'x'), part, { maxKeys: 3 })
    fc.assert(
      fc.property(part, part, tags, fc.constantFrom('111122223333', '999988887777'), (name, value, given, owner) => {
        const one = at(`arn:aws:ecr:eu-central-1:${owner}:repository/app`, owner)
        const plain = exception({ resource: `arn:aws:ecr:*:111122223333:repository/${name}` })
        const tagged = { ...plain, tag: { key: 'stage', value } }
        const tagsOf = () => new Map(Object.entries(given))
        if (namesFinding(tagged, one, tagsOf)) expect(namesFinding(plain, one, tagsOf)).toBe(true)
      }),
    )
  })

  test('a hostile pattern on a hostile name is answered', () => {
    const resource = `arn:aws:ecr:*:*:${'a*'.repeat(500)}b`
    // A matcher that goes back over every star would not end before the runner's limit.
    expect(names({ resource }, at(`arn:aws:ecr:eu-central-1:111122223333:${'a'.repeat(20_000)}`))).toBe(false)
  })

  test('a pattern matches as a plain list of pieces does', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 12 }).map((letters) => letters.join(''))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (pieces, name) => {
        const pattern = `x${pieces.join('*')}`
        const expected = new RegExp(`^x${pieces.join('.*')}$`).test(`x${name}`)
        const one = at(`arn:aws:ecr:eu-central-1:111122223333:x${name}`)
        expect(names({ resource: `arn:aws:ecr:*:*:${pattern}` }, one)).toBe(expected)
      }),
    )
  })
})

describe('failures whose tags are worth reading', () => {
  const tag = { key: 'stage', value: 'sandbox' }
  const awaiting = (findings: readonly Finding[], ...exceptions: readonly Exception[]) =>
    awaitingTags(findings, { settings: { exceptions }, now })

  test('are those that an exception by tag names but for the tag', () => {
    const other = at('arn:aws:ecr:eu-central-1:111122223333:repository/other')
    const findings = [finding(), other, finding({ rule: 'ecr-another' })]
    expect(awaiting(findings, exception({ tag }))).toEqual([finding()])
    const wide = exception({ tag, resource: undefined, account: '111122223333' })
    expect(awaiting(findings, exception(), wide)).toEqual([finding(), other])
  })

  test('are among those that another exception covers', () => {
    const covered = finding({ exception: { reason: 'r', owner: 'o', expires: '2026-12-31' } })
    expect(awaiting([covered], exception({ tag }))).toEqual([covered])
  })

  test.each<[string, Partial<Exception>]>([
    ['that names no tag', {}],
    ['that is over', { tag, expires: '2026-11-20' }],
    ['that ends later than one may', { tag, expires: '2099-01-01' }],
    ['of another account', { tag, account: '444455556666' }],
  ])('are none of an exception %s', (_name, change) => {
    expect(awaiting([finding()], exception(change))).toEqual([])
  })

  test.each<[Compliance]>([['COMPLIANT'], ['NOT_APPLICABLE'], ['UNDETERMINED']])(
    'are none that is %s',
    (compliance) => {
      expect(awaiting([finding({ compliance })], exception({ tag }))).toEqual([])
    },
  )

  test('are covered by tags that were read by themselves, whatever an inventory says', () => {
    const settings = { exceptions: [exception({ tag })] }
    const inventory = { items: () => [], roles: [] }
    const tagsOf: TagsOf = ({ arn }) => (arn.endsWith('/app') ? new Map([['stage', 'sandbox']]) : undefined)
    const [covered] = withExceptions([finding()], { settings, now, inventory, tagsOf })
    expect(covered?.exception?.owner).toBe('platform@example.org')
    const [open] = withExceptions([finding()], { settings, now, inventory, tagsOf: () => undefined })
    expect(open?.exception).toBeUndefined()
  })

  test.each([
    ['AWS::ECR::Repository', true],
    ['AWS::EC2::VPC', true],
    ['AWS::ECS::Service', true],
    ['AWS::IAM::Role', true],
    ['AWS::ECR::RegistryPolicy', false],
    ['AWS::ECR::PullThroughCacheRule', false],
    ['AWS::::Account', false],
  ])('are of a type that can carry tags: %s, %s', (type, can) => {
    expect(mayCarryTags(type)).toBe(can)
  })
})

describe('a review of exceptions', () => {
  const rules = [{ id: 'ecr-sample' }]
  const review = (findings: readonly Finding[], ...exceptions: readonly Exception[]) =>
    reviewExceptions(findings, rules, { settings: { exceptions }, now }).map((one) => [
      one.exception.owner,
      one.status,
      one.failing,
      one.undetermined,
    ])

  test('says which hold, which are over and which name nothing, in the order of the settings', () => {
    const findings = [finding(), finding({ id: '1', compliance: 'UNDETERMINED' })]
    const elsewhere = 'arn:aws:ecr:*:*:repository/gone'
    expect(
      review(
        findings,
        exception({ owner: 'over', expires: '2026-11-20' }),
        exception({ owner: 'holds' }),
        exception({ owner: 'idle', resource: elsewhere }),
        exception({ owner: 'both over and idle', resource: elsewhere, expires: '2026-11-20' }),
        exception({ owner: 'too long', expires: '2030-01-01' }),
      ),
    ).toEqual([
      ['over', 'expired', 1, 1],
      ['holds', 'active', 1, 1],
      ['idle', 'unmatched', 0, 0],
      ['both over and idle', 'expired', 0, 0],
      ['too long', 'tooLong', 1, 1],
    ])
  })

  test('counts a mended failure as nothing to except', () => {
    expect(review([finding({ compliance: 'COMPLIANT' })], exception())).toEqual([
      ['platform@example.org', 'unmatched', 0, 0],
    ])
  })

  test('says that an undetermined finding alone is named', () => {
    expect(review([finding({ compliance: 'UNDETERMINED' })], exception())).toEqual([
      ['platform@example.org', 'active', 0, 1],
    ])
  })

  test('leaves exceptions of rules that did not run out: nothing is known of them', () => {
    expect(review([finding()], exception({ rule: 'vpc-*' }), exception({ rule: 'ecr-*', owner: 'asked' }))).toEqual([
      ['asked', 'active', 1, 0],
    ])
  })

  test('speaks of an exception that names one of several rules that ran', () => {
    const ran = [{ id: 'vpc-private' }, { id: 'ecr-sample' }, { id: 'ecr-second' }]
    const given = reviewExceptions([finding()], ran, { settings: { exceptions: [exception()] }, now })
    expect(given.map(({ status }) => status)).toEqual(['active'])
  })

  test('names what is expired for the log', () => {
    const over = exception({ expires: '2026-11-20' })
    const exceptions = [exception(), over, exception({ expires: '2030-01-01' })]
    expect(expiredExceptions({ exceptions }, now)).toEqual([over])
  })
})

describe('an audit', () => {
  const rule = (judges: 'AWS::ECR::Repository' | 'AWS::IAM::Role') =>
    defineRule({
      id: 'ecr-sample',
      area: 'ecr',
      title: 'Samples are good',
      severity: 'HIGH',
      why: 'It is a test.',
      fix: 'Mend it.',
      judges,
      reads: [],
      triggers: { change: true, scheduled: false, calls: [] },
      frameworks: {},
      defaultEnabled: true,
      url: 'https://docs.aws.amazon.com/',
      parameters: z.object({}),
      evaluate: ({ ref }) => {
        if (ref.arn.endsWith('good')) return compliant('fine')
        return ref.arn.endsWith('dark') ? undetermined({ reason: 'dark', transience: 'lasting' }) : noncompliant('bad')
      },
    })
  const audit = (
    parts: readonly EstatePart[],
    exceptions: readonly Exception[],
    judges = rule('AWS::ECR::Repository'),
  ) => {
    const inventory = inventoryOf(parts)
    const settings = { ...defaultSettings, exceptions }
    const organization = organizationOf(inventory, settings)
    return auditInventory({ inventory, rules: [judges], settings, organization, now })
  }
  const whole = exception({ resource: undefined, account: '111122223333' })

  test('gives its failures the exceptions of the settings, and keeps verdicts and ids', () => {
    const parts = [repository({ name: 'bad' }), repository({ name: 'dark' }), repository({ name: 'good' })]
    const excepted = audit(parts, [whole])
    expect(excepted.map(({ compliance, exception }) => [compliance, exception?.owner])).toEqual([
      ['NON_COMPLIANT', 'platform@example.org'],
      ['UNDETERMINED', undefined],
      ['COMPLIANT', undefined],
    ])
    expect(excepted.map(({ id }) => id)).toEqual(audit(parts, []).map(({ id }) => id))
  })

  test('keeps the golden id of an excepted finding', () => {
    expect(audit([repository({ name: 'bad' })], [whole])[0]?.id).toBe('36b67fe835db4a642db14fa2618cc09b')
  })

  const tagged = (part: EstatePart, tags: Record<string, string>): EstatePart =>
    'item' in part ? { item: { ...part.item, tags } } : part
  const byTag = { ...whole, tag: { key: 'stage', value: 'sandbox' } }

  test('reads the tags of the resource itself', () => {
    const parts = [
      tagged(repository({ name: 'a' }), { stage: 'sandbox' }),
      tagged(repository({ name: 'b' }), { stage: 'prod' }),
      repository({ name: 'c' }),
    ]
    expect(audit(parts, [byTag]).map(({ exception }) => exception !== undefined)).toEqual([true, false, false])
  })

  const untagged = (name: string, transience: 'lasting' | 'passing'): EstatePart => {
    const part = repository({ name })
    const supplementaryConfiguration = { ...unreadTagsMark({ reason: 'tag:GetResources failed with X', transience }) }
    return 'item' in part ? { item: { ...part.item, supplementaryConfiguration } } : part
  }

  test('says of a failure whose tags must not be read that no exception by tag is assumed', () => {
    const [found, other] = audit([untagged('a', 'lasting'), repository({ name: 'b' })], [byTag])
    expect([found?.compliance, found?.reason, found?.exception, found?.assumptions]).toEqual([
      ...['NON_COMPLIANT', 'bad', undefined],
      ['assumes that no exception by tag covers it (its tags are not known: tag:GetResources failed with X)'],
    ])
    expect([other?.compliance, other?.assumptions]).toEqual(['NON_COMPLIANT', []])
  })

  test('cannot say whether a failure is excepted whose tags could not be read for now', () => {
    const [found] = audit([untagged('a', 'passing')], [byTag])
    expect([found?.compliance, found?.reason, found?.transience, found?.assumptions]).toEqual([
      'UNDETERMINED',
      'Cannot be decided: whether an exception by tag covers a failure (tag:GetResources failed with X); bad',
      'passing',
      [],
    ])
  })

  test.each([
    ['none is by tag', [{ ...whole, rule: 'ecr-other' }]],
    ['the one by tag is of another account', [{ ...byTag, account: '444455556666' }]],
    ['the one by tag is over', [{ ...byTag, expires: '2026-11-20' }]],
  ])('leaves tags that could not be read alone where %s', (_when, exceptions) => {
    const parts = [untagged('a', 'passing'), untagged('b', 'lasting')]
    expect(audit(parts, exceptions)).toEqual(audit([repository({ name: 'a' }), repository({ name: 'b' })], []))
  })

  test('leaves passes, and what another exception covers, alone where tags could not be read', () => {
    const parts = [untagged('bad', 'passing'), untagged('dark', 'passing'), untagged('good', 'passing')]
    const long = { ...byTag, expires: '2027-10-31' }
    expect(audit(parts, [long, whole])).toEqual(
      audit([repository({ name: 'bad' }), repository({ name: 'dark' }), repository({ name: 'good' })], [whole]),
    )
  })

  test.each(['lasting', 'passing'] as const)('lists an exception as active that may name tags unread (%s)', (why) => {
    const inventory = inventoryOf([untagged('bad', why), untagged('good', why)])
    const statuses = (...exceptions: readonly Exception[]) => {
      const ground = { settings: { exceptions }, inventory, now }
      const findings = audit([untagged('bad', why), untagged('good', why)], exceptions)
      return reviewExceptions(findings, [{ id: 'ecr-sample' }], ground).map(({ status, failing }) => [status, failing])
    }
    const at = (name: string) => ({ ...byTag, resource: `arn:aws:ecr:*:111122223333:repository/${name}` })
    expect(statuses(byTag, at('bad'), at('good'))).toEqual([
      ['active', 0],
      ['active', 0],
      ['unmatched', 0],
    ])
  })

  test('takes the resources of a type apart once, however many findings there are', () => {
    const parts = ['a', 'b', 'c'].map((name) => tagged(repository({ name }), { stage: 'sandbox' }))
    const inventory = inventoryOf(parts)
    const items = vi.fn(inventory.items)
    const tagsOf = tagsIn({ items, roles: [] })
    const given = inventory.repositories.map(({ ref }) => tagsOf(ref)?.get('stage'))
    expect(given).toEqual(['sandbox', 'sandbox', 'sandbox'])
    expect(items.mock.calls).toEqual([['AWS::ECR::Repository']])
  })

  test('reads the tags of a role where IAM states them', () => {
    const tags = [{ key: 'stage', value: 'sandbox' }]
    const parts = [role({ name: 'a', configuration: { tags } }), role({ name: 'b' })]
    expect(audit(parts, [byTag], rule('AWS::IAM::Role')).map(({ exception }) => exception !== undefined)).toEqual([
      true,
      false,
    ])
  })
})
