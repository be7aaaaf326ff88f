/** Whose items a file of a Config bucket holds, as far as its path says. */
export interface BucketPath {
  readonly accountId: string
  readonly region: string
  /** History files hold one type each. */
  readonly resourceType: string | undefined
}

const account = /^\d{12}$/
const regionName = /^[a-z]{2,}(-[a-z]+)+-\d$/

/**
 * Reads `AWSLogs/<account>/Config/<region>/…` out of a path, or `<account>/<region>.json` as `pullpath collect` writes it;
 * undefined when the path is neither.
 */
export function bucketPathOf(file: string): BucketPath | undefined {
  const parts = file.split(/[\\/]/)
  const collected = collectedPath(parts.at(-2) ?? '', parts.at(-1) ?? '')
  if (collected !== undefined) return collected
  const at = parts.lastIndexOf('Config')
  const [accountId = '', region = '', name = ''] = [parts[at - 1], parts[at + 1], parts.at(-1)]
  if (at < 1 || !account.test(accountId) || !regionName.test(region)) return undefined
  // A local copy may have turned the colons of the type into something else; then the type stays open.
  const resourceType = /_ConfigHistory_([A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+)_/.exec(name)?.[1]
  return { accountId, region, resourceType }
}

function collectedPath(accountId: string, name: string): BucketPath | undefined {
  const region = /^([a-z0-9-]+)\.json(?:\.gz)?$/.exec(name)?.[1] ?? ''
  const isScope = account.test(accountId) && (region === 'global' || regionName.test(region))
  return isScope ? { accountId, region, resourceType: undefined } : undefined
}
