import { known } from '../../shared/model/fact.ts'
import { imageRepository } from '../../shared/pull/node-images.ts'
import type { PullToTrace } from '../../shared/pull/trace-types.ts'
import type { Workload, WorkloadPuller } from '../../shared/pull/workloads.ts'
import { home, imageUri, roleArn } from '../support/builders.ts'

const service = {
  type: 'AWS::ECS::Service',
  arn: 'arn:aws:ecs:eu-central-1:111122223333:service/main/web',
  name: 'web',
  scope: home,
  compute: 'fargateTask',
  platformVersion: undefined,
} as const

/** Roles that pull for a task on Fargate. */
export const pullersNamed = (...names: readonly string[]) =>
  known(names.map((name): WorkloadPuller => ({ roleName: roleArn(name), puller: 'fargateTask' })))

/** A service on Fargate that pulls `app` as the role `execution`. */
export const webWorkload: Workload = {
  ...service,
  vpcId: undefined,
  interfaces: [],
  unplaced: undefined,
  pullers: pullersNamed('execution'),
  images: known([imageRepository(home, 'app')]),
  needs: [],
}

/** A pull of `app:1` by a service of which no role and no interface is told, changed by `more`. */
export function pullOf(
  compute: PullToTrace['workload']['compute'] = 'fargateTask',
  more: Partial<PullToTrace> = {},
): PullToTrace {
  return {
    workload: { ...service, compute },
    image: imageUri(),
    interfaces: [],
    unplaced: undefined,
    pullers: known([]),
    ...more,
  }
}
