import { createHash } from 'node:crypto'
import { CfnCustomResource } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { firstPublicationSeconds } from '../hub-config.ts'

/** What the first publication is made from. */
export interface FirstPublicationProps {
  /** ARN of pullpath-organization, which CloudFormation invokes with the permissions of whoever deploys. */
  readonly functionArn: string
  /** Its bundle: another one publishes again, before members are updated. */
  readonly code: string
  /** Name of the bucket. */
  readonly bucket: string
  /** Key of the settings that people edit. */
  readonly settingsKey: string
}

/**
 * Has the organization and the settings published while the stack is made or changed, before anything that depends on this. A member
 * without settings judges nothing: it may not list the bucket, and so cannot tell a file that is not there yet from one that is denied.
 */
export class FirstPublication extends Construct {
  readonly resource: CfnCustomResource

  constructor(scope: Construct, id: string, { functionArn, code, bucket, settingsKey }: FirstPublicationProps) {
    super(scope, id)
    this.resource = new CfnCustomResource(this, 'Publication', {
      ...{ serviceToken: functionArn, serviceTimeout: firstPublicationSeconds },
    })
    const asks = { Code: createHash('sha256').update(code).digest('hex'), Bucket: bucket, SettingsKey: settingsKey }
    for (const [name, value] of Object.entries(asks)) this.resource.addPropertyOverride(name, value)
  }
}
