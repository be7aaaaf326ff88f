import { permissions as ofOrganizations } from '../../shared/sources/organizations/permissions.ts'
import { neverActions } from '../../shared/sources/permission.ts'
import { permissions as ofRegions } from '../../shared/sources/regions/permissions.ts'
import type { PermissionStatement } from '../derive/permissions.ts'
import { hubFailedInvocations, organizationFunction } from '../hub-config.ts'
import { hubArns, publishedKeys } from './hub-bucket.ts'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
const ownArn = (service: string, resource: string): string =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`
/** The key that people edit, as the parameter says. */
const settingsKey = '${SettingsKey}'
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub

/**
 * What pullpath-organization needs: read the organization, read the settings that people edit, read and write the published
 * objects. It may list the bucket because S3 says that an object is missing only to those who may; it writes nothing else.
 */
export function organizationStatements(): readonly PermissionStatement[] {
  const published = publishedKeys.map((key) => `${hubArns.bucket}/${key}`)
  const reads = [...ofOrganizations, ...ofRegions].map(({ action }) => action)
  return [
    allow('ReadOrganizationAndRegions', reads, ['*']),
    allow('ReadSettingsAndWhatIsPublished', ['s3:GetObject'], [`${hubArns.bucket}/${settingsKey}`, ...published]),
    allow('Publish', ['s3:PutObject'], published),
    allow('TellMissingFromDenied', ['s3:ListBucket'], [hubArns.bucket]),
    allow('UseKeyOfBucket', ['kms:Decrypt', 'kms:GenerateDataKey'], [hubArns.key]),
    allow('SetFailedInvocationsAside', ['sqs:SendMessage'], [ownArn('sqs', hubFailedInvocations)]),
    allow(
      'WriteOwnLog',
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [ownArn('logs', `log-group:/aws/lambda/${organizationFunction.functionName}:*`)],
    ),
    { sid: 'NeverContentSecretsOrOtherIdentities', effect: 'Deny', actions: neverActions, resources: ['*'] },
  ]
}

function allow(sid: string, actions: readonly string[], resources: readonly string[]): PermissionStatement {
  return { sid, effect: 'Allow', actions, resources }
}
