import { describe, expect, test } from 'vitest'
import { placeOfDefinition, unusedTaskDefinitions } from '../../shared/pull/unused-task-definitions.ts'
import {
  type EstatePart,
  ecsService,
  elsewhere,
  home,
  inventoryOf,
  roleArn,
  taskDefinition,
} from '../support/builders.ts'

const now = new Date('2026-11-21T00:00:00Z')
const namesIn = (...parts: readonly EstatePart[]) =>
  unusedTaskDefinitions(inventoryOf(parts), now).map(
    ({ ref, family, revision }) => `${family}:${revision} ${ref.region}`,
  )

describe('task definitions that no service uses', () => {
  test('are those of families that none names', () => {
    const parts = [taskDefinition(), taskDefinition({ family: 'batch' })]
    expect(namesIn(...parts, ecsService())).toEqual(['batch:1 eu-central-1'])
    expect(namesIn(...parts, ecsService({ configuration: { TaskDefinition: null } })).sort()).toEqual([
      'batch:1 eu-central-1',
      'web:1 eu-central-1',
    ])
    expect(
      namesIn(...parts, ecsService({ taskDefinition: 'arn:aws:ecs:eu-central-1:111122223333:cluster/web' })),
    ).toHaveLength(2)
  })

  test('are used only by services of their own account and region', () => {
    for (const where of [{ region: 'eu-west-1' }, { accountId: '444455556666' }]) {
      expect(namesIn(taskDefinition(), elsewhere(ecsService(), where))).toEqual(['web:1 eu-central-1'])
    }
  })
})

describe('the place of a task definition', () => {
  const placeOf = (options: Parameters<typeof taskDefinition>[0]) => {
    const [definition] = inventoryOf([
      taskDefinition({ executionRole: roleArn('execution'), ...options }),
    ]).taskDefinitions
    return placeOfDefinition(definition!)
  }
  const open = 'nothing says on which instances it is run, and their role may pull'
  const outside = 'it runs on hosts outside AWS'
  const nowhere = 'nothing says in which subnets it is run'

  test.each([
    [['FARGATE'], 'fargateTask', nowhere, 'fargateTask'],
    [['EC2', 'FARGATE'], 'fargateTask', nowhere, 'fargateTask'],
    [['EXTERNAL'], 'containerInstance', outside, 'ecsInstanceExecutionRole'],
    [['MANAGED_INSTANCES'], 'containerInstance', nowhere, 'ecsInstanceExecutionRole'],
    [['MANAGED_INSTANCES', 'EXTERNAL'], 'containerInstance', nowhere, 'ecsInstanceExecutionRole'],
    [['EC2'], 'containerInstance', nowhere, open],
    [['EC2', 'EXTERNAL'], 'containerInstance', nowhere, open],
    [[], 'containerInstance', nowhere, open],
  ] as const)('that requires %j is that of its requirement', (compatibilities, compute, unplaced, puller) => {
    const place = placeOf({ compatibilities })
    expect(place).toMatchObject({
      workload: { type: 'AWS::ECS::TaskDefinition', name: 'web:1', scope: home, compute },
      interfaces: [],
      unplaced,
    })
    expect(place.pullers).toMatchObject(
      puller === open
        ? { state: 'unknown', reason: open }
        : { state: 'known', value: [{ roleName: roleArn('execution'), puller }] },
    )
  })

  test('without an execution role has nobody who pulls', () => {
    const [definition] = inventoryOf([taskDefinition()]).taskDefinitions
    expect(placeOfDefinition(definition!).pullers.state).toBe('absent')
  })
})
