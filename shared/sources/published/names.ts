/**
 * What the hub publishes for the members of the organization, below one prefix of its bucket: the organization, the settings as
 * JSON for functions, and the same as people wrote them.
 */
export const publishedNames = {
  organization: 'organization.json',
  settings: 'settings.json',
  writtenSettings: 'settings.yaml',
} as const

/** Most bytes of the organization: some 15,000 accounts. */
export const MAX_ORGANIZATION_BYTES = 8 * 2 ** 20
/** Most bytes of a settings file. */
export const MAX_SETTINGS_BYTES = 2 ** 20
