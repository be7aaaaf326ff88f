/**
 * Services whose actions resource control policies bind, by prefix: the list in the guide of AWS Organizations, read in 2026. It
 * grows, so whether an RCP binds a service that is missing here is not known.
 */
const names = `
  aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch cloudtrail-data
  codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend comprehendmedical
  compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms gamelift health
  inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad personalize
  polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support swf textract
  timestream-influxdb transcribe transfer translate wafv2 workspaces xray`

const bound: ReadonlySet<string> = new Set(names.trim().split(/\s+/))

/** Actions of those services that RCPs do not bind. */
const free: ReadonlySet<string> = new Set(['kms:retiregrant'])

/** Whether RCPs bind the action (lower case). */
export function rcpsBind(action: string): 'yes' | 'no' | 'unknown' {
  if (free.has(action)) return 'no'
  return bound.has(action.slice(0, action.indexOf(':'))) ? 'yes' : 'unknown'
}
