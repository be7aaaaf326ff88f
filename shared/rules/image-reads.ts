import { roleReads, roleTriggers } from './role-reads.ts'
import { vpcReads, vpcTriggers } from './vpc-reads.ts'

/** What changes which images a service runs; `calls` of the rule's own. Scheduled too: any event may be lost. */
export function imageTriggers(...calls: readonly string[]) {
  return { change: true, scheduled: true, calls: ['ecs:CreateService', 'ecs:UpdateService', ...calls] }
}

/** Types that the whole way of an image rests on: networks, roles and what the registry says about itself. */
export function pullPathReads(): readonly string[] {
  return [
    ...new Set([
      ...vpcReads(...roleReads()),
      'AWS::EC2::VPC',
      'AWS::ECR::PullThroughCacheRule',
      'AWS::ECR::RepositoryCreationTemplate',
      'AWS::IAM::InstanceProfile',
    ]),
  ].sort()
}

/** What changes the answer about the whole way. */
export function pullPathTriggers() {
  const ofRoles = roleTriggers().calls
  const { change, scheduled, calls } = vpcTriggers(...ofRoles)
  const more = ['ecr:DeleteRepository', 'ecr:BatchDeleteImage', 'eks:UpdateNodegroupConfig']
  return { change, scheduled, calls: [...new Set([...calls, ...more])] }
}
