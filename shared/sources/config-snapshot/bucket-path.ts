/** Whose items a file of a Config bucket holds, as far as its path says. */
export interface BucketPath {
  readonly accountId: string
  readonly region: string
  /** History files hold one type each. */
  readonly resourceType: string | undefined
}

/** Reads `AWSLogs/<account>/Config/<region>/…` out of a path; undefined when the path is not one of a Config bucket. */
export function bucketPathOf(file: string): BucketPath | undefined {
  const parts = file.split(/[\\/]/)
  const at = parts.lastIndexOf('Config')
  const [accountId = '', region = '', name = ''] = [parts[at - 1], parts[at + 1], parts.at(-1)]
  if (at < 1 || !/^\d{12}$/.test(accountId) || !/^[a-z]{2,}(-[a-z]+)+-\d$/.test(region)) return undefined
  // A local copy may have turned the colons of the type into something else; then the type stays open.
  const resourceType = /_ConfigHistory_([A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+)_/.exec(name)?.[1]
  return { accountId, region, resourceType }
}
