/**
 * What the hub publishes for the members of the organization, below one prefix of its bucket: the organization, the settings as
 * JSON for functions, and the same as people wrote them.
 */
export const publishedNames = {
  organization: 'organization.json',
  settings: 'settings.json',
  writtenSettings: 'settings.yaml',
} as const

/** Where members tell the hub that they work, below the same prefix: each account writes in a folder of its own. */
export const heartbeatFolder = 'heartbeats/'

/** The key of the heartbeat of an area's function in an account and region, without the prefix. */
export function heartbeatKey(accountId: string, region: string, area: string): string {
  return `${heartbeatFolder}${accountId}/${region}/${area}.json`
}

/** Most bytes of the organization: some 15,000 accounts. */
export const MAX_ORGANIZATION_BYTES = 8 * 2 ** 20
/** Most bytes of a settings file. */
export const MAX_SETTINGS_BYTES = 2 ** 20
