/** What the function measures. An alarm on missing `Published` values sees a function that does not run at all, too. */
export type Measure = 'OrganizationPublished' | 'SettingsPublished' | 'PublicationsRefused' | 'OrganizationAccounts'
