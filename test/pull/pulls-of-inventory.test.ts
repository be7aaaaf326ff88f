import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { tracesOf, tracesOfWorkload } from '../../shared/pull/traces.ts'
import {
  type EstatePart,
  ecsArn,
  ecsService,
  fargateProfile,
  imageUri,
  inventoryOf,
  policy,
  privateVpc,
  repository,
  role,
  roleArn,
  taskDefinition,
} from '../support/builders.ts'
import { estates } from './support/estates.ts'
import { worldOfInventory } from './support/scenario.ts'

const registry = '602401143452.dkr.ecr.eu-central-1.amazonaws.com'

function pullsOf(...parts: readonly EstatePart[]) {
  return pullsOfInventory(inventoryOf([...privateVpc(), ...parts]))
}

function definition(...images: readonly (string | JsonObject)[]): EstatePart {
  return taskDefinition({ executionRole: roleArn('execution'), images })
}

describe('the pulls of a service', () => {
  it('are one for each image, however many containers run it', () => {
    const pulls = pullsOf(ecsService(), definition(imageUri('app:1'), imageUri('side:2'), imageUri('app:1'), 'nginx'))
    expect(pulls.map(({ image }) => image)).toEqual([imageUri('app:1'), imageUri('side:2'), 'nginx'])
    expect(new Set(pulls.map(({ workload }) => workload.name))).toEqual(new Set(['web']))
  })

  it('keep the secret with which a container pulls', () => {
    const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:hub'
    const [pull] = pullsOf(
      ecsService(),
      definition({ Name: 'a', Image: 'corp/app:1', RepositoryCredentials: { CredentialsParameter: secret } }),
    )
    expect(pull).toMatchObject({
      credentials: secret,
      startNeeds: [
        {
          service: 'secretsmanager',
          region: 'eu-west-1',
          because: 'the login for the image of container a is a secret',
        },
      ],
    })
  })

  it('say once what the containers need to start, in regions that are some', () => {
    const [pull] = pullsOf(
      ecsService(),
      definition({
        Name: 'a',
        Image: imageUri(),
        LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-region': 'not\na region' } },
        Secrets: [
          { Name: 'A', ValueFrom: '/one' },
          { Name: 'B', ValueFrom: 'arn:aws:ssm:us-east-1:111122223333:parameter/two' },
          { Name: 'C', ValueFrom: '/three' },
          { Name: 'D', ValueFrom: 'arn:aws:s3:::bucket/file' },
        ],
      }),
    )
    expect(pull?.startNeeds?.map(({ service, region }) => `${service} ${region}`)).toEqual([
      'logs eu-central-1',
      'ssm eu-central-1',
      'ssm us-east-1',
    ])
  })

  it('are one of an unknown image when the task definition is not there', () => {
    expect(pullsOf(ecsService()).map(({ image, startNeeds }) => ({ image, startNeeds }))).toEqual([
      { image: '', startNeeds: undefined },
    ])
    const [trace] = tracesOf(worldOfInventory(inventoryOf([...privateVpc(), ecsService()])))
    expect(trace).toMatchObject({
      verdict: 'unknown',
      missing: [`task definition ${ecsArn('task-definition', 'web:1')} is not in the inventory`],
    })
  })
})

describe('the pulls of a service whose task definition does not tell', () => {
  const unread = (configuration: JsonObject, parts: readonly EstatePart[] = []) =>
    pullsOf(ecsService(), taskDefinition({ configuration }), ...parts).map(({ image, unread: why, startNeeds }) => ({
      image,
      unread: why,
      startNeeds,
    }))

  it('are one of an unknown image, with the reason', () => {
    const [pull, ...others] = unread({ ContainerDefinitions: 5 })
    expect(others).toEqual([])
    expect(pull).toMatchObject({ image: '', startNeeds: undefined })
    expect(pull?.unread).toMatch(/container/i)
  })

  it('are one that names the service where it names no task definition', () => {
    const [pull] = pullsOf(ecsService({ configuration: { TaskDefinition: null } }))
    expect(pull?.unread).toBe('task definition of service web is not in the inventory')
  })

  it('leave open who pulls on hosts outside AWS', () => {
    const [pull] = pullsOf(ecsService({ launchType: 'EXTERNAL' }))
    expect(pull).toMatchObject({
      workload: { type: 'AWS::ECS::Service', scope: { accountId: '111122223333', region: 'eu-central-1' } },
      interfaces: [],
      image: '',
      unread: `task definition ${ecsArn('task-definition', 'web:1')} is not in the inventory`,
      pullers: { state: 'unknown', reason: 'its task definition is not in the inventory' },
    })
  })

  it('are apart for the same image with and without a login of its own', () => {
    const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:hub'
    const pulls = pullsOf(
      ecsService(),
      definition(
        { Name: 'a', Image: 'corp/app:1', RepositoryCredentials: { CredentialsParameter: secret } },
        { Name: 'b', Image: 'corp/app:1' },
      ),
    )
    expect(pulls.map(({ image, credentials }) => [image, credentials])).toEqual([
      ['corp/app:1', secret],
      ['corp/app:1', undefined],
    ])
    expect(pulls[1]).not.toHaveProperty('credentials')
  })

  it('need the service that an ARN names, and take a bare login for one of Secrets Manager', () => {
    const [pull] = pullsOf(
      ecsService(),
      definition({
        Name: 'a',
        Image: 'corp/app:1',
        RepositoryCredentials: { CredentialsParameter: 'hub' },
        Secrets: [
          { Name: 'A', ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:one' },
          { Name: 'B', ValueFrom: 'arn:aws:ssm:eu-west-2:111122223333:parameter/two' },
        ],
      }),
    )
    expect(pull?.startNeeds?.map(({ service, region }) => `${service} ${region}`)).toEqual([
      'secretsmanager eu-west-1',
      'ssm eu-west-2',
      'secretsmanager eu-central-1',
    ])
  })
})

describe('the pulls of a task definition that no service uses', () => {
  const execution = role({
    name: 'execution',
    inline: { pull: policy({ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' }) },
  })

  it('are decided as far as roles go, and open where the network comes in', () => {
    const inventory = inventoryOf([...privateVpc(), definition(imageUri()), execution, repository()])
    const [trace, ...others] = tracesOf(worldOfInventory(inventory))
    expect(others).toEqual([])
    expect(trace).toMatchObject({
      workload: { type: 'AWS::ECS::TaskDefinition', name: 'web:1', arn: ecsArn('task-definition', 'web:1') },
      verdict: 'fail',
      firstBrokenHop: 'pull-actions',
      subnets: [],
      principals: [roleArn('execution')],
    })
    const found = new Map(trace!.hops.map(({ hop, status, code }) => [hop, `${status} ${code}`]))
    expect(found.get('source')).toBe('unknown not-placed')
    expect(found.get('token')).toBe('pass token-allowed')
    expect(found.get('ecr-dkr')).toBe('skipped not-placed')
  })

  it('say what is missing', () => {
    const mayPull = role({
      name: 'execution',
      inline: { pull: policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' }) },
    })
    const inventory = inventoryOf([...privateVpc(), definition(imageUri()), mayPull, repository()])
    const [trace] = tracesOf(worldOfInventory(inventory))
    expect(trace).toMatchObject({ verdict: 'unknown', missing: ['nothing says in which subnets it is run'] })
  })

  it('are those of the newest revision', () => {
    const older = taskDefinition({ revision: 1, executionRole: roleArn('execution'), images: [imageUri('app:1')] })
    const newer = taskDefinition({ revision: 2, executionRole: roleArn('execution'), images: [imageUri('app:2')] })
    expect(pullsOf(older, newer).map(({ workload, image }) => `${workload.name} ${image}`)).toEqual([
      `web:2 ${imageUri('app:2')}`,
    ])
  })

  it('are none when a service uses the family', () => {
    const used = pullsOf(ecsService(), definition(imageUri()), taskDefinition({ revision: 2 }))
    expect(used.map(({ workload }) => workload.type)).toEqual(['AWS::ECS::Service'])
  })

  it('are those of the execution role on hosts outside AWS', () => {
    const outside = taskDefinition({ compatibilities: ['EXTERNAL'], executionRole: roleArn('execution') })
    const expected = {
      workload: { compute: 'containerInstance' },
      unplaced: 'it runs on hosts outside AWS',
      pullers: { value: [{ roleName: roleArn('execution'), puller: 'ecsInstanceExecutionRole' }] },
    }
    const [own, ...others] = pullsOf(outside)
    expect(own).toMatchObject({ ...expected, workload: { type: 'AWS::ECS::TaskDefinition' } })
    const [ofService, ...more] = pullsOf(outside, ecsService({ launchType: 'EXTERNAL' }))
    expect(ofService).toMatchObject({ ...expected, workload: { type: 'AWS::ECS::Service', name: 'web' } })
    expect([...others, ...more]).toEqual([])
  })

  it('leave open who pulls where the role of an instance may', () => {
    const [pull] = pullsOf(taskDefinition({ compatibilities: ['EC2'], executionRole: roleArn('execution') }))
    expect(pull).toMatchObject({
      workload: { compute: 'containerInstance' },
      pullers: { state: 'unknown', reason: 'nothing says on which instances it is run, and their role may pull' },
    })
  })
})

describe('the pulls of EKS', () => {
  it('are the add-ons of the region for a node group', () => {
    const pulls = pullsOfInventory(inventoryOf(estates.nodes!))
    expect(pulls.map(({ image }) => image)).toEqual([
      `${registry}/amazon-k8s-cni`,
      `${registry}/eks/coredns`,
      `${registry}/eks/kube-proxy`,
    ])
  })

  it('are CoreDNS for a Fargate profile that selects it, and say what that assumes', () => {
    const [pull, ...others] = pullsOfInventory(inventoryOf(estates.pods!))
    expect(others).toEqual([])
    expect(pull).toMatchObject({
      image: `${registry}/eks/coredns`,
      profile: { clusterName: 'main', name: 'serverless' },
      assumptions: ['assumes that CoreDNS of main runs on Fargate profile serverless'],
    })
  })

  it.each([
    [[{ Namespace: 'default' }, { Namespace: 'kube-system' }], 1],
    [[{ Namespace: '*' }], 1],
    [[{ Namespace: 'kube-?ystem' }], 1],
    [[{ Namespace: 'default' }], 0],
    [5, 1],
  ])('are those of a Fargate profile that may take CoreDNS: %j', (Selectors, count) => {
    expect(pullsOf(fargateProfile({ configuration: { Selectors } }), role({ name: 'pods' }))).toHaveLength(count)
  })

  it('are those of each profile apart, and say which', () => {
    const selectors = { configuration: { Selectors: [{ Namespace: 'kube-system' }] } }
    const pulls = pullsOf(
      fargateProfile(selectors),
      fargateProfile({ ...selectors, name: 'second' }),
      role({ name: 'pods' }),
    )
    expect(pulls.map(({ profile }) => profile?.name).sort()).toEqual(['second', 'serverless'])
    const [node] = pullsOfInventory(inventoryOf(estates.nodes!))
    expect(node).not.toHaveProperty('profile')
    expect(node).not.toHaveProperty('assumptions')
  })

  it('are none for a Fargate profile of other namespaces', () => {
    const pods = role({ name: 'pods' })
    expect(pullsOf(fargateProfile(), pods)).toEqual([])
  })
})

describe('the traces of an inventory', () => {
  const inventory = inventoryOf([
    ...estates.fargate!,
    ecsService({ name: 'other', taskDefinition: 'web:1', subnets: ['subnet-2'] }),
  ])
  const world = worldOfInventory(inventory)

  it('are found by workload, and made once', () => {
    const all = tracesOf(world)
    expect(all.map(({ workload, verdict }) => `${workload.name} ${verdict}`)).toEqual(['other pass', 'web pass'])
    const [web] = tracesOfWorkload({ ...world }, all[1]!.workload.arn)
    expect(web).toBe(all[1])
    expect(tracesOfWorkload(world, 'arn:aws:ecs:eu-central-1:111122223333:service/main/nobody')).toEqual([])
  })

  it('name workload, subnets and roles', () => {
    expect(tracesOf(world)[0]).toMatchObject({
      workload: {
        type: 'AWS::ECS::Service',
        arn: 'arn:aws:ecs:eu-central-1:111122223333:service/main/other',
        name: 'other',
        accountId: '111122223333',
        region: 'eu-central-1',
      },
      image: imageUri('app:1'),
      subnets: ['subnet-2'],
      principals: [roleArn('execution')],
    })
  })
})
