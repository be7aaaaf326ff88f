/** The parts of `arn:partition:service:region:account-id:resource`. */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly accountId: string
  readonly resource: string
}

/** Splits an ARN at its first five colons; undefined when the text is not an ARN. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, accountId, ...resource] = text.split(':')
  if (
    prefix !== 'arn' ||
    !partition ||
    !service ||
    region === undefined ||
    accountId === undefined ||
    resource.length === 0
  ) {
    return undefined
  }
  return { partition, service, region, accountId, resource: resource.join(':') }
}

/** True for twelve digits. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text)
}

/** The partition a region belongs to; new regions of the commercial partition need no change here. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  if (region.startsWith('eusc-')) return 'aws-eusc'
  if (region.startsWith('us-isob-')) return 'aws-iso-b'
  if (region.startsWith('us-isof-') || region.startsWith('eu-isof-')) return 'aws-iso-f'
  if (region.startsWith('eu-isoe-')) return 'aws-iso-e'
  if (region.startsWith('us-iso-')) return 'aws-iso'
  return 'aws'
}
