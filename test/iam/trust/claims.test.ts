import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../shared/model/json.ts'
import {
  acceptedBy,
  accountId,
  closed,
  deny,
  github,
  githubAudience,
  open,
  provider,
  statement,
  trustOf,
} from './trust-of.ts'

const claim = (name: string): string => `${github}:${name}`
const allow = (condition: { readonly [operator: string]: { readonly [key: string]: JsonValue } }): JsonValue =>
  statement(github, { ...condition, StringEquals: { ...githubAudience, ...condition.StringEquals } })
const unlessAny = (name: string, value: string): JsonValue =>
  deny({ 'ForAllValues:StringNotEquals': { [claim(name)]: value } })
const numbered = (count: number, form: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => form(index))

describe('keys the caller chooses', () => {
  it.each([
    ['StringEquals', 'sts:RoleSessionName', 'deploy'],
    ['StringLike', 'sts:RoleSessionName', 'deploy-*'],
    ['StringEquals', 'aws:RequestTag/team', 'core'],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', 'team'],
    ['IpAddress', 'aws:SourceIp', '203.0.113.0/24'],
    ['IpAddress', 'aws:SourceIp', '2001:db8::/32'],
    ['IpAddress', 'aws:VpcSourceIp', '10.0.0.0/8'],
    ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'],
    ['DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z'],
  ] as const)('%s on %s leaves any subject, narrowed', (operator, key, value) => {
    expect(trustOf(allow({ [operator]: { [key]: value } }))).toEqual([
      { ...open, narrowedBy: [`${key} ${operator} ${value}`] },
    ])
  })
  it('shut the door when they have to be two values at once', () => {
    expect(
      trustOf(
        allow({ StringEquals: { 'sts:RoleSessionName': 'a' } }),
        deny({ StringEquals: { 'sts:RoleSessionName': 'a' } }),
      ),
    ).toMatchObject([{ anySubject: false, missing: [] }])
  })
})

describe('keys the request fixes', () => {
  it.each([
    ['Bool', 'aws:SecureTransport', 'true'],
    ['Bool', 'aws:PrincipalIsAWSService', 'false'],
    ['Bool', 'aws:ViaAWSService', 'false'],
    ['StringEquals', 'aws:ResourceAccount', accountId],
    ['StringEquals', 'aws:FederatedProvider', provider(github)],
  ] as const)('%s on %s that is so restricts nothing', (operator, key, value) => {
    expect(trustOf(allow({ [operator]: { [key]: value } }))).toEqual([open])
  })
  it.each([
    ['Bool', 'aws:SecureTransport', 'false'],
    ['Bool', 'aws:PrincipalIsAWSService', 'true'],
    ['Bool', 'aws:ViaAWSService', 'true'],
    ['StringEquals', 'aws:ResourceAccount', '999988887777'],
    ['StringEquals', 'aws:FederatedProvider', provider('gitlab.com')],
  ] as const)('%s on %s that is not so lets nobody in', (operator, key, value) => {
    expect(trustOf(allow({ [operator]: { [key]: value } }))).toEqual([
      { ...closed, narrowedBy: [`${key} ${operator} ${value}`] },
    ])
  })
  it('do not say which provider a star stands for', () => {
    const condition = { StringEquals: { ...githubAudience, 'aws:FederatedProvider': provider(github) } }
    expect(trustOf(statement('', condition, { Principal: '*' }))).toEqual([
      {
        ...closed,
        missing: [{ kind: 'contextKey', key: 'aws:FederatedProvider', policy: 'trust policy', position: 1 }],
      },
    ])
  })
})

describe('other claims', () => {
  it('may hold several values at once', () => {
    const any = allow({ 'ForAnyValue:StringEquals': { [claim('amr')]: ['a', 'b'] } })
    expect(trustOf(any, unlessAny('amr', 'a'), unlessAny('amr', 'b'))).toMatchObject([
      { anySubject: true, narrowedBy: [`${claim('amr')} ForAnyValue:StringEquals a, b`] },
    ])
  })
  it('hold several values without those that match a refused pattern', () => {
    const any = allow({ 'ForAnyValue:StringEquals': { [claim('amr')]: ['a', 'b'] } })
    const refused = deny({ 'ForAnyValue:StringLike': { [claim('amr')]: 'c-*' } })
    expect(trustOf(any, unlessAny('amr', 'a'), unlessAny('amr', 'b'), refused)).toMatchObject([{ anySubject: true }])
  })
  it('are named up to three values', () => {
    const three = allow({ StringEquals: { [claim('ref')]: ['a', 'b', 'c'] } })
    const four = allow({ StringEquals: { [claim('ref')]: ['a', 'b', 'c', 'd'] } })
    expect(trustOf(three, four).map(({ narrowedBy }) => narrowedBy)).toEqual([
      [`${claim('ref')} StringEquals a, b, c`],
      [`${claim('ref')} StringEquals a, b, c, …`],
    ])
  })
  it('are judged by their own values only', () => {
    const both = { StringEquals: { [claim('ref')]: 'main' }, Bool: { 'aws:SecureTransport': 'true' } }
    expect(trustOf(allow(both))).toEqual([{ ...open, narrowedBy: [`${claim('ref')} StringEquals main`] }])
  })
  it('with many values each are decided', () => {
    const wanted = Object.fromEntries(
      numbered(6, (index) => claim(`c${index}`)).map((key) => [key, [...numbered(60, (index) => `value${index}`)]]),
    )
    expect(trustOf(allow({ StringEquals: wanted }), deny({}))).toMatchObject([{ anySubject: false, missing: [] }])
  })
  it('with long values are decided', () => {
    const never = deny({ Null: { [claim('sub')]: 'false' } })
    const denies = numbered(3, (index) => claim(`c${index}`)).map((key) =>
      deny({ StringEquals: { [key]: 'x'.repeat(2000) } }),
    )
    expect(trustOf(statement(github, {}), ...denies, never)).toEqual([closed])
  })
})

describe('a policy too complex to be searched', () => {
  const tooComplex = { kind: 'fact', fact: 'the trust policy is too complex to be searched to the end' }
  const manyPatterns = [...numbered(24, (index) => `*${index}*`)]
  it('still shows whom it lets in', () => {
    expect(trustOf(statement(github, { StringLike: { [claim('ref')]: manyPatterns } }))).toMatchObject([
      { anySubject: true, anyAudience: true, missing: [] },
    ])
  })
  it('is not said to let nobody in', () => {
    const nobody = deny({ Null: { [claim('sub')]: 'false' } })
    expect(trustOf(allow({ StringLike: { [claim('ref')]: manyPatterns } }), nobody)).toMatchObject([
      { anySubject: false, missing: [tooComplex] },
    ])
  })
  it('names the key that is not known instead', () => {
    const condition = { StringLike: { [claim('ref')]: manyPatterns }, StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }
    expect(trustOf(statement(github, condition))).toMatchObject([
      {
        anySubject: false,
        missing: [{ kind: 'contextKey', key: 'aws:PrincipalOrgID', policy: 'trust policy', position: 1 }],
      },
    ])
  })
  it.each([
    ['long values', ['a'.repeat(300)]],
    ['many values', ['a', 'b', 'c', 'd']],
  ])('is given up with %s', (_name, values) => {
    const key = (index: number): string => claim(`claim${index}`)
    const denies = Array.from({ length: 16 }, (_, index) =>
      deny({ StringEquals: { [key(index)]: values }, StringNotEquals: { [key((index + 1) % 16)]: values } }),
    )
    const never = deny({ Null: { [claim('sub')]: 'false' } })
    expect(trustOf(statement(github, {}), ...denies, never)).toEqual([{ ...closed, missing: [tooComplex] }])
  })
})

describe('audiences', () => {
  it('of a pattern are accepted where the pattern itself is refused', () => {
    const some = statement(github, { StringLike: { [claim('aud')]: 'https://*' } })
    expect(trustOf(some, deny({ StringEquals: { [claim('aud')]: 'https://*' } }))).toEqual([open])
  })
  it('are arbitrary when only some are refused', () => {
    expect(trustOf(statement(github, {}), deny({ StringEquals: githubAudience }))).toEqual([
      { ...open, anyAudience: true },
    ])
  })
})

describe('policy variables', () => {
  const variable = (key: string): string => `\${${key}}`
  const session = variable('sts:RoleSessionName')
  const open = { kind: 'fact', fact: 'which values the variables of the trust policy take' }
  const narrowed = (name: string, value: string): string => `${claim(name)} StringEquals ${value}`
  it('let in whose claim is the name of the session', () => {
    const condition = { StringEquals: { [claim('actor')]: session } }
    expect(trustOf(allow(condition))).toEqual([
      { ...closed, anySubject: true, narrowedBy: [narrowed('actor', session)] },
    ])
  })
  it('let in whose claim is one of a name and a variable', () => {
    const either = { StringEquals: { [claim('actor')]: ['octocat', session] } }
    expect(trustOf(allow(either), deny({ StringEquals: { [claim('actor')]: 'octocat' } }))).toMatchObject([
      { anySubject: true, missing: [] },
    ])
  })
  it.each([
    ['sub', session],
    ['actor', variable(claim('sub'))],
    ['environment', `prod-${session}`],
    ['actor', variable('aws:PrincipalOrgID')],
  ])('in %s, %s, are not said to let nobody in', (name, value) => {
    expect(trustOf(allow({ StringEquals: { [claim(name)]: value } }))).toMatchObject([
      { anySubject: false, exactSubjects: [], missing: [open] },
    ])
  })
  it('of a Deny are not said to shut the door', () => {
    const refused = deny({ StringNotEquals: { [claim('environment')]: `prod-${session}` } })
    expect(trustOf(allow({}), refused)).toEqual([{ ...closed, missing: [open] }])
  })
  it('do not open what another condition shuts', () => {
    const condition = { StringEquals: { [claim('actor')]: session } }
    expect(trustOf(allow(condition), deny({}))).toMatchObject([{ anySubject: false, missing: [] }])
  })
  it('are plain text in a policy of the old version', () => {
    const subject = `repo:org/app:${session}`
    const condition = { StringEquals: { [claim('sub')]: subject, [claim('actor')]: variable('x') } }
    expect(acceptedBy('2008-10-17', [allow(condition)])).toMatchObject([
      { anySubject: false, exactSubjects: [subject], narrowedBy: [narrowed('actor', variable('x'))], missing: [] },
    ])
  })
})

describe('what is not known', () => {
  const missing = (key: string, position: number) => ({ kind: 'contextKey', key, policy: 'trust policy', position })
  it('of an Allow and of a Deny is listed in order', () => {
    const unknownDeny = deny({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })
    expect(trustOf(unknownDeny, allow({ StringEquals: { 'aws:SourceOrgID': 'o-2', 'aws:Another': 'a' } }))).toEqual([
      {
        ...closed,
        missing: [missing('aws:Another', 2), missing('aws:PrincipalOrgID', 1), missing('aws:SourceOrgID', 2)],
      },
    ])
  })
  it('of a Deny that spares most subjects is asked for the others only', () => {
    const spared = deny({
      StringLike: { [claim('sub')]: 'repo:org/app:*' },
      StringEquals: { 'aws:PrincipalOrgID': 'o' },
    })
    expect(trustOf(allow({ StringLike: { [claim('sub')]: 'repo:org/*' } }), spared)).toEqual([
      { ...closed, wildcardSubjects: ['several repo:org/*'], missing: [missing('aws:PrincipalOrgID', 2)] },
    ])
  })
})
