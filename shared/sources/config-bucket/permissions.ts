/** Every action of this source, on the deliveries of AWS Config only, and on the key of their bucket if it has one. */
export const permissions = [
  { action: 's3:ListBucket', resource: 'config-bucket' },
  { action: 's3:GetObject', resource: 'config-deliveries' },
  { action: 'kms:Decrypt', resource: 'config-key' },
] as const
