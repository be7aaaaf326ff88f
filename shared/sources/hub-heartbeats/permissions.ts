/** Every action of this source, on the hub's bucket. It tells whether members work, not what they hold. */
export const permissions = [{ action: 's3:ListBucket', resource: 'hub-bucket' }] as const
