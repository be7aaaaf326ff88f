/** Every action of this source, on `organization.json` and `settings.json` below the prefix of the hub's bucket, and on its key. */
export const permissions = [
  { action: 's3:GetObject', resource: 'published-objects' },
  { action: 'kms:Decrypt', resource: 'hub-key' },
] as const
