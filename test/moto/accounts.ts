import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'

/** Keys that count as the role's account, in moto and in the overlay it was asked through. The role need not exist. */
export async function keysOf(endpoint: string, accountId: string, roleName: string): Promise<AwsCredentialIdentity> {
  const root = { accessKeyId: 'test', secretAccessKey: 'test' }
  const sts = new STSClient({ region: 'us-east-1', endpoint, credentials: root, maxAttempts: 1 })
  const command = new AssumeRoleCommand({
    RoleArn: `arn:aws:iam::${accountId}:role/${roleName}`,
    RoleSessionName: 'run',
  })
  const { Credentials } = await sts.send(command)
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

/** The environment a command line needs to be these keys in front of this server. */
export function environmentOf(endpoint: string, keys: AwsCredentialIdentity): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    NO_COLOR: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(keys.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.sessionToken }),
  }
}
