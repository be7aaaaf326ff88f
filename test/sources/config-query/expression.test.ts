import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRecordable } from '../../../shared/inventory/recordable-types.ts'
import {
  isQueryType,
  isRegionName,
  queryTypes,
  selectExpression,
} from '../../../shared/sources/config-query/expression.ts'

const whole =
  "SELECT version, accountId, awsRegion, resourceType, resourceId, resourceName, arn, configurationItemCaptureTime, configurationItemStatus, configuration, supplementaryConfiguration, tags WHERE resourceType = 'AWS::ECR::Repository' AND configurationItemStatus IN ('OK', 'ResourceDiscovered')"

/** Nothing but words of ours, account ids and regions, each in quotes. */
const shape =
  /^SELECT [A-Za-z]+(?:, [A-Za-z]+)* WHERE resourceType = '[A-Za-z0-9:]+' AND configurationItemStatus IN \('OK', 'ResourceDiscovered'\)(?: AND accountId IN \('\d{12}'(?:, '\d{12}')*\) AND awsRegion IN \('[a-z0-9-]+'(?:, '[a-z0-9-]+')*\))?$/

const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    "' OR accountId = '",
    '111122223333',
    "111122223333'",
    '111122223333\n',
    'eu-central-1',
    'global',
    '*',
    '',
  ),
  fc.constantFrom(
    'AWS::ECR::Repository',
    "AWS::ECR::Repository' OR resourceType LIKE 'AWS",
    'constructor',
    '__proto__',
  ),
)

describe('an expression', () => {
  it('selects whole parts of the items of one type', () => {
    expect(selectExpression('AWS::ECR::Repository')).toBe(whole)
  })
  it('names accounts and regions when given', () => {
    const within = { accounts: ['111122223333', '444455556666'], regions: ['eu-central-1', 'global'] }
    expect(selectExpression('AWS::ECR::Repository', within)).toBe(
      `${whole} AND accountId IN ('111122223333', '444455556666') AND awsRegion IN ('eu-central-1', 'global')`,
    )
  })
  it.each([
    ['a type that is none of ours', "AWS::ECR::Repository' OR resourceType = 'AWS::S3::Bucket", undefined],
    [
      'an account id that is longer',
      'AWS::ECR::Repository',
      { accounts: ["111122223333' OR '1"], regions: ['eu-central-1'] },
    ],
    [
      'an account id that ends with a line break',
      'AWS::ECR::Repository',
      { accounts: ['111122223333\n'], regions: ['eu-central-1'] },
    ],
    [
      'a region that is none',
      'AWS::ECR::Repository',
      { accounts: ['111122223333'], regions: ["eu-central-1') OR ('1"] },
    ],
    ['no account', 'AWS::ECR::Repository', { accounts: [], regions: ['eu-central-1'] }],
    [
      'more accounts than fit',
      'AWS::ECR::Repository',
      { accounts: Array(300).fill('111122223333'), regions: ['eu-central-1'] },
    ],
  ])('is not made of %s', (_, type, within) => {
    expect(selectExpression(type, within)).toBeUndefined()
  })
  it('cannot be changed by any id or name from outside', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.option(fc.array(hostile, { maxLength: 4 }), { nil: undefined }),
        fc.array(hostile, { maxLength: 4 }),
        (type, accounts, regions) => {
          const made = selectExpression(type, accounts && { accounts, regions })
          if (made === undefined) return
          expect(made).toMatch(shape)
          expect(made.length).toBeLessThanOrEqual(4096)
          expect(queryTypes).toContain(type)
          const words = [...made.matchAll(/'([^']*)'/g)].map(([, text]) => text)
          expect(words).toEqual([type, 'OK', 'ResourceDiscovered', ...(accounts ?? []), ...(accounts ? regions : [])])
        },
      ),
      { numRuns: 2_000 },
    )
  })
  it('fits a hundred accounts in every region there is', () => {
    const accounts = Array.from({ length: 100 }, (_, index) => String(100_000_000_000 + index))
    const regions = Array.from({ length: 40 }, (_, index) => `ap-southeast-${index + 1}`)
    expect(selectExpression('AWS::EC2::VPCBlockPublicAccessExclusion', { accounts, regions })).toMatch(shape)
  })
})

it('Every type that is asked for is one that AWS Config can record', () => {
  expect(queryTypes.filter((type) => !isRecordable(type))).toEqual([])
  expect(['AWS::EKS::Nodegroup', 'AWS::S3::Bucket', 'constructor'].filter(isQueryType)).toEqual([])
})

it.each(['eu-central-1', 'us-gov-west-1', 'us-isob-east-1', 'eusc-de-east-1', 'ap-southeast-7'])(
  '%s is a region',
  (name) => {
    expect(isRegionName(name)).toBe(true)
  },
)

it.each(['global', 'EU-CENTRAL-1', 'eu-central', 'eu-central-1 ', "eu-central-1'", '', 'eu-central-1\n'])(
  '%j is no region',
  (name) => {
    expect(isRegionName(name)).toBe(false)
  },
)
