import { aggregatorId, type TemplateJson, type TemplateResource } from './stack-values.ts'

/** Types that moto's CloudFormation leaves out of a stack without a word, which is created all the same. */
export const leftOutByMoto: ReadonlySet<string> = new Set([
  'AWS::CloudFormation::CustomResource',
  'AWS::CloudFormation::StackSet',
  'AWS::CloudWatch::Alarm',
  'AWS::Config::ConfigRule',
  'AWS::Config::ConfigurationAggregator',
  'AWS::Config::ConformancePack',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Organizations::Policy',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
])

/**
 * The template in the spelling that moto takes. Four things are put in other words; what a stack is compared with is the template as
 * it is:
 *
 * - What refers to the aggregator, which moto leaves out and so knows no name and no ARN of: its name, and an ARN.
 * - `Fn::GetAtt … Arn` of a state machine, which moto does not know: `Ref` gives the ARN as well.
 * - The inline policies of roles, of which moto keeps a text that is no JSON: as text.
 * - The policies of keys, which moto keeps as an object and then cannot describe the key: as text.
 */
export function asMotoReads(template: TemplateJson): TemplateJson {
  let text = JSON.stringify({ ...template, Resources: mapValues(template.Resources, policiesAsText) })
  for (const [id, resource] of Object.entries(template.Resources)) {
    const arn = (attribute: string) => JSON.stringify({ 'Fn::GetAtt': [id, attribute] })
    if (resource.Type === 'AWS::StepFunctions::StateMachine') text = text.replaceAll(arn('Arn'), `{"Ref":"${id}"}`)
    if (resource.Type !== 'AWS::Config::ConfigurationAggregator') continue
    const name = JSON.stringify(resource.Properties.ConfigurationAggregatorName)
    text = text
      .replaceAll(JSON.stringify({ Ref: id }), name)
      .replaceAll(arn('ConfigurationAggregatorArn'), aggregatorArn)
  }
  return JSON.parse(text)
}

const aggregatorArn = JSON.stringify({
  'Fn::Sub': `arn:\${AWS::Partition}:config:\${AWS::Region}:\${AWS::AccountId}:config-aggregator/${aggregatorId}`,
})

function policiesAsText({ Properties, ...resource }: TemplateResource): TemplateResource {
  if (resource.Type === 'AWS::KMS::Key') {
    return { ...resource, Properties: { ...Properties, KeyPolicy: asText(Properties.KeyPolicy) } }
  }
  if (resource.Type !== 'AWS::IAM::Role' || Properties.Policies === undefined) return { ...resource, Properties }
  const policies: { readonly PolicyDocument: unknown }[] = Properties.Policies
  const Policies = policies.map((policy) => ({ ...policy, PolicyDocument: asText(policy.PolicyDocument) }))
  return { ...resource, Properties: { ...Properties, Policies } }
}

function asText(document: unknown): object {
  return { 'Fn::ToJsonString': document }
}

function mapValues<Value>(values: Readonly<Record<string, Value>>, change: (value: Value) => Value) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}

/**
 * Properties that moto takes from a template and does not keep, by type, with what it says of each in every case; undefined: nothing,
 * or nothing that can be compared.
 */
export const lostByMoto: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'AWS::Lambda::Function': {
    Architectures: ['x86_64'],
    // It comes back as a hash of moto's own packing.
    Code: undefined,
    TracingConfig: { Mode: 'PassThrough' },
  },
  'AWS::S3::Bucket': {
    // All but the bucket key.
    BucketEncryption: undefined,
    LifecycleConfiguration: undefined,
    OwnershipControls: undefined,
    PublicAccessBlockConfiguration: undefined,
    VersioningConfiguration: undefined,
  },
  'AWS::SQS::Queue': { RedriveAllowPolicy: undefined },
  'AWS::StepFunctions::StateMachine': { LoggingConfiguration: undefined },
}
