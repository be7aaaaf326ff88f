// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import type { World } from '../../support/fake-aws/fake-aws.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'

/** A task as ECS shows it. */
export type Task = any

const digest = `sha256:${'a'.repeat(64)}`

/** Serves what a pull is traced with and the rest of a deployment has no use for: tasks, named services and images. */
export function servePulls({ state }: World, tasks: readonly Task[]): void {
  const { services, ecs, repositories } = state
  const missing = (wanted: readonly string[], there: (name: string) => boolean) =>
    wanted.filter((name) => !there(name)).map((arn) => ({ arn, reason: 'MISSING' }))
  services.set('ecs:DescribeServices', (_, { cluster, services: wanted }) => {
    const all = ecs.services.filter((one) => one.clusterArn === cluster)
    const isNamed = (one: any, name: string) => one.serviceArn === name || one.serviceName === name
    return {
      services: all.filter((one) => wanted.some((name: string) => isNamed(one, name))),
      failures: missing(wanted, (name) => all.some((one) => isNamed(one, name))),
    }
  })
  services.set('ecs:ListTasks', (_, { serviceName, desiredStatus }) => ({
    taskArns: tasks
      .filter((one) => one.group === `service:${serviceName}` && one.desiredStatus === desiredStatus)
      .map(({ taskArn }) => taskArn),
  }))
  services.set('ecs:DescribeTasks', (_, body) => ({
    tasks: tasks.filter(({ taskArn }) => body.tasks.includes(taskArn)),
    failures: missing(body.tasks, (arn) => tasks.some(({ taskArn }) => taskArn === arn)),
  }))
  services.set('ecr:DescribeImages', (_, { repositoryName }) => {
    if (!repositories.has(repositoryName)) throw new Refusal('RepositoryNotFoundException')
    return {
      imageDetails: [{ repositoryName, imageDigest: digest, imageTags: ['1'], imagePushedAt: 1_769_904_000 }],
    }
  })
}
