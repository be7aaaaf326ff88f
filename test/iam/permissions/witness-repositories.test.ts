import { describe, expect, it } from 'vitest'
import { present, type RequestContext } from '../../../shared/iam/conditions/context.ts'
import { freshName, withoutVariables, witnesses } from '../../../shared/iam/permissions/witness-repositories.ts'
import { account, arnOf } from './granted.ts'

const abroad = '444455556666'
const regions = ['eu-west-1', 'us-east-2']

/** Witnesses as `region account name scope`, in order. */
function tried(
  pattern: string,
  {
    others = [],
    repositories = [],
    regions: used = regions,
  }: {
    readonly others?: readonly string[]
    readonly repositories?: readonly string[]
    readonly regions?: readonly string[]
  } = {},
): readonly string[] {
  const known = repositories.map((arn) => ({ arn, accountId: arn.split(':')[4] ?? '' }))
  const home = { partition: 'aws', accountId: account, regions: used }
  return [...witnesses(pattern, others, { home, repositories: known })].map(({ arn, scope, inHomeAccount }) => {
    const [, , , region, owner, resource = ''] = arn.split(':')
    const name = resource.slice('repository/'.length).replace(freshName, 'FRESH')
    return `${region} ${owner} ${name} ${scope}${inHomeAccount ? '' : ' abroad'}`
  })
}

describe('repositories to ask about', () => {
  it('are any name at home, known ones, and then those of accounts nobody means', () => {
    expect(tried('*', { repositories: [arnOf('app'), arnOf('api', abroad)], regions: ['eu-west-1'] })).toEqual([
      'eu-west-1 111122223333 FRESH registry',
      'eu-west-1 111122223333 x pattern',
      'eu-west-1 111122223333 app repository',
      'eu-west-1 444455556666 api repository abroad',
      'eu-west-1 987654029171 FRESH pattern abroad',
      'eu-west-1 987654029171 x pattern abroad',
      'eu-west-1 777777777777 FRESH pattern abroad',
      'eu-west-1 777777777777 x pattern abroad',
    ])
  })
  it('lie in every region used, any name first', () => {
    expect(tried('arn:aws:ecr:*:111122223333:repository/*')).toEqual([
      'eu-west-1 111122223333 FRESH registry',
      'us-east-2 111122223333 FRESH registry',
      'eu-west-1 111122223333 x pattern',
      'us-east-2 111122223333 x pattern',
    ])
  })
  it('are one for a pattern without wildcards', () => {
    expect(tried(arnOf('app'), { others: [arnOf('*')], repositories: [arnOf('app'), arnOf('other')] })).toEqual([
      'eu-west-1 111122223333 app repository',
    ])
  })
  it('are one abroad for a pattern without wildcards of another account', () => {
    expect(tried(arnOf('app', abroad))).toEqual(['eu-west-1 444455556666 app repository abroad'])
  })
  it('fill a pattern in with a free name and with none', () => {
    expect(tried(arnOf('team/*-x'))).toEqual([
      'eu-west-1 111122223333 team/FRESH-x pattern',
      'eu-west-1 111122223333 team/-x pattern',
    ])
    expect(tried(arnOf('a?'))).toEqual(['eu-west-1 111122223333 ax pattern'])
  })
  it('fill the last star in with a free name', () => {
    expect(tried(arnOf('*/team/*'))).toEqual([
      'eu-west-1 111122223333 /team/FRESH pattern',
      'eu-west-1 111122223333 /team/ pattern',
    ])
  })
  it('meet the patterns of other statements', () => {
    const others = [arnOf('*-prod'), arnOf('lone'), 'arn:aws:s3:::bucket/*', arnOf('team/a', abroad)]
    expect(tried(arnOf('team/*'), { others })).toEqual([
      'eu-west-1 111122223333 team/FRESH pattern',
      'eu-west-1 111122223333 team/ pattern',
      'eu-west-1 111122223333 team/-prod pattern',
    ])
  })
  it('are those that patterns of other statements make up of a star', () => {
    expect(tried('arn:aws:ecr:*:111122223333:*', { others: [arnOf('team/*')], regions: ['eu-west-1'] })).toEqual([
      'eu-west-1 111122223333 FRESH registry',
      'eu-west-1 111122223333 x pattern',
      'eu-west-1 111122223333 team/FRESH pattern',
      'eu-west-1 111122223333 team/ pattern',
    ])
  })
  it('are of the form of a repository for a pattern that is no ARN', () => {
    expect(tried('*/app', { others: [arnOf('team/*')], regions: ['eu-west-1'] })).toEqual([
      'eu-west-1 111122223333 FRESH/app pattern',
      'eu-west-1 111122223333 app pattern',
      'eu-west-1 111122223333 team/FRESH/app pattern',
      'eu-west-1 111122223333 team/app pattern',
      'eu-west-1 987654029171 FRESH/app pattern abroad',
      'eu-west-1 987654029171 app pattern abroad',
      'eu-west-1 777777777777 FRESH/app pattern abroad',
      'eu-west-1 777777777777 app pattern abroad',
    ])
  })
  it.each([
    'arn:aws:s3:::bucket',
    'arn:aws-cn:ecr:*:*:repository/*',
    'repository/app',
    'arn:aws:ecr:*:*:repository/app:1*',
    'arn:aws:ecr:*:*:repository/a b*',
    'arn:aws:ecr:*:12345:repository/app',
    'arn:aws:ecr:*:12345678901a:repository/app',
    'arn:aws:ecr:ap-*:*:repository/app',
  ])('are none for %s', (pattern) => {
    expect(tried(pattern)).toEqual([])
  })
})

describe('regions to ask about', () => {
  it('are those used and the one a pattern names', () => {
    expect(tried('arn:aws:ecr:ap-south-1:111122223333:repository/app')).toEqual([
      'ap-south-1 111122223333 app repository',
    ])
    expect(tried('arn:aws:ecr:ap-south-1:111122223333:repository/app', { regions: [] })).toEqual([
      'ap-south-1 111122223333 app repository',
    ])
  })
  it('is the first of AWS when none is known', () => {
    expect(tried('arn:aws:ecr:*:111122223333:repository/app', { regions: [] })).toEqual([
      'us-east-1 111122223333 app pattern',
    ])
  })
})

describe('accounts to ask about', () => {
  it('are made up of what a pattern leaves open', () => {
    expect(tried('arn:aws:ecr:eu-west-1:6024*:repository/app')).toEqual(['eu-west-1 602477777777 app pattern abroad'])
  })
  it('are home, a free one and one of the pattern for a star', () => {
    expect(tried('arn:aws:ecr:eu-west-1:*:repository/app')).toEqual([
      'eu-west-1 111122223333 app pattern',
      'eu-west-1 987654029171 app pattern abroad',
      'eu-west-1 777777777777 app pattern abroad',
    ])
  })
})

describe('variables', () => {
  const context: RequestContext = new Map([
    ['aws:x', present('v')],
    ['aws:two', present('a', 'b')],
    ['aws:none', { state: 'absent' } as const],
  ])
  const variable = (text: string): string => `\${${text}}`
  it.each([
    ['plain', 'plain'],
    [`a/${variable('aws:x')}/b`, 'a/v/b'],
    [`a/${variable('aws:y')}/b${variable('aws:x')}c`, 'a/*/b*c'],
    [`a/${variable('aws:none')}`, 'a/*'],
    [`a/${variable("aws:none, 'd'")}`, 'a/d'],
    [`a/${variable('aws:two')}/x`, 'a/*/x'],
    [`a/${'${'}open`, `a/${'${'}open`],
    [`${variable('aws:y')}${'${'}open`, `*${'${'}open`],
  ])('of %s come to %s', (pattern, filled) => {
    expect(withoutVariables(pattern, '2012-10-17', context)).toBe(filled)
  })
  it('are plain text in a policy of the old version', () => {
    expect(withoutVariables(`a/${variable('aws:x')}`, '2008-10-17', context)).toBe(`a/${variable('aws:x')}`)
  })
})
