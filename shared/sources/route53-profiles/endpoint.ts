import { partitionOf } from '../../model/arn.ts'

const suffixes = new Map([
  ['aws', 'amazonaws.com'],
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-us-gov', 'amazonaws.com'],
  ['aws-eusc', 'amazonaws.eu'],
  ['aws-iso', 'c2s.ic.gov'],
  ['aws-iso-b', 'sc2s.sgov.gov'],
  ['aws-iso-e', 'cloud.adc-e.uk'],
  ['aws-iso-f', 'csp.hci.ic.gov'],
])

/**
 * The address of Route 53 Profiles in a region, without a final slash.
 * @throws RangeError when the region is no region name: a signed request never goes to a host made from other text
 */
export function profilesEndpoint(region: string): string {
  if (!/^[a-z]{2,8}(?:-[a-z0-9]{1,12}){1,4}$/.test(region)) throw new RangeError('not the name of a region')
  return `https://route53profiles.${region}.${suffixes.get(partitionOf(region)) ?? 'amazonaws.com'}`
}
