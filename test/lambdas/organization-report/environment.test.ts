import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../../lambdas/organization-report/environment.ts'

const least = { PULLPATH_HUB_BUCKET: 'hub-bucket', PULLPATH_AGGREGATOR: 'organization' }

describe('the environment of the report', () => {
  it('is a bucket and an aggregator; the rest has defaults', () => {
    expect(readEnvironment(least)).toEqual({
      ...{ bucket: 'hub-bucket', prefix: '', reportPrefix: 'reports/', regions: [], homeRegion: undefined },
      ...{ config: undefined, aggregator: 'organization', ruleSets: '', targets: [] },
    })
  })

  it('names the bucket of AWS Config with its owner, region and prefix, and how old a snapshot may be', () => {
    const config = {
      ...{ PULLPATH_CONFIG_BUCKET: 'config-bucket', PULLPATH_CONFIG_PREFIX: 'central/', PULLPATH_SNAPSHOT_HOURS: '30' },
      ...{ PULLPATH_CONFIG_ACCOUNT: '777788889999', PULLPATH_CONFIG_REGION: 'us-west-2' },
    }
    expect(readEnvironment({ ...least, ...config }).config).toEqual({
      ...{ bucket: 'config-bucket', prefix: 'central/', accountId: '777788889999', region: 'us-west-2', maxHours: 30 },
    })
  })

  it.each([
    ['PULLPATH_HUB_BUCKET', 'Bucket'],
    ['PULLPATH_HUB_PREFIX', 'published'],
    ['PULLPATH_REPORT_PREFIX', ''],
    ['PULLPATH_REGIONS', 'us-east-1, eu-west-1'],
    ['PULLPATH_HOME_REGION', 'home'],
    ['PULLPATH_CONFIG_BUCKET', 'a bucket'],
    ['PULLPATH_CONFIG_PREFIX', 'central'],
    ['PULLPATH_CONFIG_ACCOUNT', '1'],
    ['PULLPATH_CONFIG_REGION', 'US'],
    ['PULLPATH_SNAPSHOT_HOURS', '0'],
    ['PULLPATH_AGGREGATOR', 'two words'],
    ['PULLPATH_RULE_SETS', 'ecr=some'],
    ['PULLPATH_ORGANIZATIONAL_UNITS', 'ou-ab12'],
  ])('with a bad %s is refused by its name', (name, value) => {
    expect(() => readEnvironment({ ...least, [name]: value })).toThrow(`environment variable ${name}: `)
  })
})
