// biome-ignore-all lint/suspicious/noExplicitAny: the fake holds what the API would say
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'

export const base = 'arn:aws:ecs:eu-central-1:111122223333'
export const cluster = `${base}:cluster/prod`
export const definition = (family: string, revision: number) => `${base}:task-definition/${family}:${revision}`
export const execRole = 'arn:aws:iam::111122223333:role/exec'

/** A revision as DescribeTaskDefinition gives it. */
export function revisionOf(family: string, revision: number, more: object = {}): any {
  return {
    taskDefinitionArn: definition(family, revision),
    family,
    revision,
    status: 'ACTIVE',
    containerDefinitions: [
      {
        name: 'app',
        image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/team/app:1',
        essential: true,
        environment: [{ name: 'PASSWORD', value: 'hunter2' }],
      },
    ],
    executionRoleArn: execRole,
    requiresCompatibilities: ['FARGATE'],
    compatibilities: ['EC2', 'FARGATE'],
    networkMode: 'awsvpc',
    registeredAt: 1767225600,
    ...more,
  }
}

export function serviceOf(name: string, more: object = {}): any {
  return {
    serviceArn: `${base}:service/prod/${name}`,
    serviceName: name,
    clusterArn: cluster,
    taskDefinition: definition('web', 1),
    launchType: 'FARGATE',
    desiredCount: 2,
    deployments: [],
    ...more,
  }
}

/** Cluster prod with service web on web:1; families web (1 and 2) and batch (7); two capacity providers. */
export function fillEcs({ state: { ecs } }: FakeAws): void {
  ecs.clusters.push({
    clusterArn: cluster,
    clusterName: 'prod',
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
  })
  ecs.services.push(serviceOf('web'))
  ecs.taskDefinitions.push(revisionOf('web', 1), revisionOf('web', 2), revisionOf('batch', 7))
  ecs.capacityProviders.push(
    { capacityProviderArn: `${base}:capacity-provider/FARGATE`, name: 'FARGATE' },
    {
      capacityProviderArn: `${base}:capacity-provider/spot`,
      name: 'spot',
      autoScalingGroupProvider: { autoScalingGroupArn: 'arn:aws:autoscaling:eu-central-1:111122223333:x' },
    },
  )
}
