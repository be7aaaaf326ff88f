import type { JsonObject } from '../../shared/model/json.ts'
import { type EstatePart, home, itemWith, stated } from './estate.ts'

/** A launch template; `instanceProfile` is an ARN or a name. */
export function launchTemplate(
  options: {
    readonly id?: string
    readonly name?: string
    readonly instanceProfile?: string
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const id = options.id ?? 'lt-1'
  const name = options.name ?? 'nodes'
  const profile = options.instanceProfile
  return itemWith({
    resourceType: 'AWS::EC2::LaunchTemplate',
    resourceId: id,
    resourceName: name,
    ARN: `arn:aws:ec2:${home.region}:${home.accountId}:launch-template/${id}`,
    configuration: {
      Id: id,
      LaunchTemplateName: name,
      LaunchTemplateData: stated({
        ImageId: 'ami-1',
        IamInstanceProfile:
          profile === undefined ? undefined : { [profile.startsWith('arn:') ? 'Arn' : 'Name']: profile },
      }),
      ...options.configuration,
    },
  })
}

/** ARN of an Auto Scaling group of home. */
export function autoScalingGroupArn(name: string): string {
  return `arn:aws:autoscaling:${home.region}:${home.accountId}:autoScalingGroup:0000:autoScalingGroupName/${name}`
}

/** An Auto Scaling group made from a launch template, named by its id. */
export function autoScalingGroup(
  options: {
    readonly name?: string
    readonly launchTemplate?: string
    readonly subnets?: readonly string[]
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const name = options.name ?? 'nodes'
  const arn = autoScalingGroupArn(name)
  return itemWith({
    resourceType: 'AWS::AutoScaling::AutoScalingGroup',
    resourceId: arn,
    resourceName: name,
    ARN: arn,
    configuration: {
      autoScalingGroupName: name,
      autoScalingGroupARN: arn,
      launchTemplate: { launchTemplateId: options.launchTemplate ?? 'lt-1', version: '$Latest' },
      vpczoneIdentifier: (options.subnets ?? ['subnet-1']).join(','),
      ...options.configuration,
    },
  })
}
