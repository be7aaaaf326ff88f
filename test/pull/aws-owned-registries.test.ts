import { describe, expect, it } from 'vitest'
import { addOnRegistry, isAwsOwnedRegistry } from '../../shared/pull/aws-owned-registries.ts'

describe('the registry of the EKS add-ons', () => {
  it.each([
    ['us-east-1', '602401143452'],
    ['eu-central-1', '602401143452'],
    ['eu-central-2', '900612956339'],
    ['il-central-1', '066635153087'],
    ['ap-southeast-7', '121268973566'],
    ['cn-north-1', '918309763551'],
    ['us-gov-west-1', '013241004608'],
    ['us-isof-east-1', '171035529773'],
  ])('of %s is account %s', (region, account) => {
    expect(addOnRegistry(region)).toBe(account)
  })

  it.each([
    'eusc-de-east-1',
    'eu-isoe-west-1',
    'us-gov-north-1',
    'cn-south-1',
    '',
    'US-EAST-1',
    'us-east-1.evil',
    '__proto__',
  ])('of %j is not known', (region) => {
    expect(addOnRegistry(region)).toBeUndefined()
  })
})

describe('a registry of AWS', () => {
  it('is the add-on registry of the same region only', () => {
    expect(isAwsOwnedRegistry('602401143452', 'us-west-2')).toBe(true)
    expect(isAwsOwnedRegistry('602401143452', 'eu-south-1')).toBe(false)
    expect(isAwsOwnedRegistry('590381155156', 'eu-south-1')).toBe(true)
    expect(isAwsOwnedRegistry('590381155156', 'us-west-2')).toBe(false)
  })

  it('is the Bottlerocket registry of the region', () => {
    expect(isAwsOwnedRegistry('328549459982', 'us-west-2')).toBe(true)
    expect(isAwsOwnedRegistry('328549459982', 'us-gov-west-1')).toBe(false)
    expect(isAwsOwnedRegistry('347163068887', 'us-gov-west-1')).toBe(true)
    expect(isAwsOwnedRegistry('917644944286', 'af-south-1')).toBe(true)
  })

  it('is nobody where nothing is known', () => {
    expect(isAwsOwnedRegistry('123456789012', 'us-west-2')).toBe(false)
    expect(isAwsOwnedRegistry('', 'eusc-de-east-1')).toBe(false)
  })
})
