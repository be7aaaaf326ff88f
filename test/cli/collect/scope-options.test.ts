import { describe, expect, test } from 'vitest'
import { planOf, type ScopeOptions } from '../../../cli/collect/scope-options.ts'

const options: ScopeOptions = { region: [], config: true }
const choice = { images: false, config: true }

describe('a plan', () => {
  test('is the own account in the region of the environment', () => {
    const regions = { kind: 'named', names: ['eu-west-1'] }
    expect(planOf(options, 'eu-west-1', {})).toEqual({ scope: { kind: 'account' }, regions, choice })
  })

  test('has the regions that are named, each once and sorted', () => {
    const named = { ...options, region: ['us-east-1', 'eu-west-1', 'us-east-1'] }
    expect(planOf(named, 'ap-south-1', {}).regions).toEqual({ kind: 'named', names: ['eu-west-1', 'us-east-1'] })
  })

  test('of an organization enters accounts with the role pullpath-reader', () => {
    const { scope } = planOf({ ...options, organization: true }, 'eu-west-1', {})
    expect(scope).toEqual({ kind: 'organization', roleName: 'pullpath-reader' })
  })

  test('of an organization takes over role, external id and accounts', () => {
    const asked = {
      ...options,
      organization: true,
      roleName: 'audit/reader',
      externalId: 'e',
      accounts: ['111122223333'],
    }
    expect(planOf(asked, 'eu-west-1', {}).scope).toEqual({
      kind: 'organization',
      roleName: 'audit/reader',
      externalId: 'e',
      accounts: ['111122223333'],
    })
  })

  test('reads the types that are wanted, images, and without AWS Config when it is told to', () => {
    const types = new Set(['AWS::ECR::Repository'])
    const plan = planOf({ ...options, images: true, config: false }, 'eu-west-1', { types, tags: types })
    expect(plan.choice).toEqual({ types, tags: types, images: true, config: false })
  })

  test('reads through the aggregator that is named, of an organization too', () => {
    expect(planOf({ ...options, aggregator: 'all' }, 'eu-west-1', {})).toMatchObject({
      aggregator: 'all',
      scope: { kind: 'account' },
    })
    const narrowed = { ...options, aggregator: 'all', organization: true, ou: ['r-ab12'] }
    expect(planOf(narrowed, 'eu-west-1', {})).toMatchObject({ aggregator: 'all', scope: { ous: ['r-ab12'] } })
  })

  test.each([
    [{ ...options, roleName: 'r' }, '--role-name: needs --organization'],
    [{ ...options, ou: ['r-ab12'] }, '--ou: needs --organization'],
    [{ ...options, aggregator: 'all', accounts: ['111122223333'] }, '--accounts: needs --organization'],
    [{ ...options, aggregator: 'all', ou: ['r-ab12'] }, '--ou: needs --organization'],
    [{ ...options, aggregator: 'all', organization: true, roleName: 'r' }, '--role-name: no account is entered'],
    [{ ...options, aggregator: 'all', organization: true, externalId: 'e' }, '--external-id: no account is entered'],
    [{ ...options, aggregator: 'all', images: true }, '--images: AWS Config records no images'],
    [{ ...options, aggregator: 'all', config: false }, '--no-config and --aggregator: name one of them'],
    [
      { ...options, organization: true, accounts: ['111122223333'], ou: ['r-ab12'] },
      '--accounts and --ou: name one of them',
    ],
    [{ ...options, organization: true, roleName: 'a b' }, '--role-name: a b: is not the name of a role'],
    [{ ...options, region: ['us-east-1'], allRegions: true }, '--region and --all-regions: name one of them'],
    [{ ...options, region: ['global'] }, '--region: global: is not the name of a region'],
  ] as const)('refuses %j', (asked, message) => {
    expect(() => planOf(asked, 'eu-west-1', {})).toThrow(message)
  })

  test('without any region names the option', () => {
    expect(() => planOf(options, undefined, {})).toThrow(/^no region: name one with --region, or --all-regions/)
  })
})
