import { describe, expect, test } from 'vitest'
import { type ExecutionRoleUse, useOfExecutionRole } from '../../shared/pull/execution-role-use.ts'
import {
  type EstatePart,
  elsewhere,
  home,
  imageUri,
  listedIn,
  notListed,
  role,
  roleArn,
  taskDefinition,
  trustOf,
} from '../support/builders.ts'
import { roleIn, worldOf } from './pull-world.ts'

const execution = role({ name: 'execution' })
const user = (more: Parameters<typeof taskDefinition>[0] = {}) =>
  taskDefinition({ executionRole: roleArn('execution'), ...more })
const useIn = (...parts: readonly EstatePart[]): ExecutionRoleUse => {
  const world = worldOf(parts)
  return useOfExecutionRole(world, roleIn(world.inventory))
}
const repositories = ({ images }: ExecutionRoleUse) => images.map(({ repositoryArn }) => repositoryArn)
const app = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
/** A definition whose containers, or another property, cannot be read. */
const broken = (property: string, more: Parameters<typeof taskDefinition>[0] = {}) =>
  user({ family: 'broken', ...more, configuration: { [property]: 5 } })

describe('the use of an execution role', () => {
  test('is the images and regions of the definitions that name it', () => {
    const use = useIn(execution, user({ images: [imageUri('app:1'), 'nginx', imageUri('web:1')] }))
    expect(repositories(use)).toEqual([app, 'arn:aws:ecr:eu-central-1:111122223333:repository/web'])
    expect(use.regions).toEqual(['eu-central-1'])
    expect(use.unclear).toEqual([])
  })

  test('is found by its bare name too', () => {
    expect(repositories(useIn(execution, taskDefinition({ executionRole: 'execution' })))).toEqual([app])
  })

  test('is none where definitions name another role, none, or lie in another account', () => {
    for (const part of [
      taskDefinition({ executionRole: roleArn('other') }),
      taskDefinition({ executionRole: 'executio' }),
      taskDefinition(),
      elsewhere(taskDefinition({ executionRole: 'execution' }), { accountId: '444455556666' }),
    ]) {
      expect(useIn(execution, part)).toEqual({ images: [], regions: [], unclear: [] })
    }
  })

  test('spans regions, each told once', () => {
    const far = elsewhere(user({ family: 'far' }), { region: 'eu-west-1' })
    const listed = listedIn({ ...home, region: 'eu-west-1' }, 'AWS::ECS::TaskDefinition')
    const use = useIn(execution, user(), user({ family: 'second' }), far, ...listed)
    expect([...use.regions].sort()).toEqual(['eu-central-1', 'eu-west-1'])
    expect(repositories(use)).toEqual([app, app, app])
    expect(use.unclear).toEqual([])
  })
})

describe('what is unclear about the use of an execution role', () => {
  test('are definitions that nobody could list', () => {
    const use = useIn(execution, user(), notListed('AWS::ECS::TaskDefinition'))
    expect(repositories(use)).toEqual([app])
    expect(use.unclear.map(({ reason }) => reason)).toEqual([
      'task definitions in eu-central-1: AWS::ECS::TaskDefinition could not be listed',
    ])
  })

  test('are those of each region of its own account', () => {
    const unlisted = notListed('AWS::ECS::TaskDefinition')
    const reasonsWith = (where: { readonly accountId: string; readonly region: string }) =>
      useIn(
        execution,
        elsewhere(user({ family: 'far' }), where),
        unlisted,
        ...listedIn(where, 'AWS::ECS::TaskDefinition'),
      ).unclear.map(({ reason }) => reason)
    const atHome = 'task definitions in eu-central-1: AWS::ECS::TaskDefinition could not be listed'
    const far = 'task definitions in eu-west-1: AWS::ECS::TaskDefinition could not be listed'
    expect(reasonsWith({ ...home, region: 'eu-west-1' }).sort()).toEqual([atHome, far])
    expect(reasonsWith({ accountId: '444455556666', region: 'eu-west-1' })).toEqual([atHome])
  })

  test('are containers that cannot be read, of its own definitions alone', () => {
    const [fact, ...others] = useIn(execution, broken('ContainerDefinitions')).unclear
    expect(fact?.reason).toMatch(/^containers: /)
    expect(others).toEqual([])
    expect(useIn(execution, broken('ContainerDefinitions', { executionRole: roleArn('other') })).unclear).toEqual([])
  })

  test('are execution roles that cannot be read, in its own account alone', () => {
    const [fact, ...others] = useIn(execution, broken('ExecutionRoleArn')).unclear
    expect(fact?.reason).toMatch(/^execution role: /)
    expect(others).toEqual([])
    const foreign = elsewhere(broken('ExecutionRoleArn'), { accountId: '444455556666' })
    expect(useIn(execution, foreign).unclear).toEqual([])
  })

  test('is nothing where ECS may not assume the role', () => {
    const ofLambda = role({ name: 'execution', trust: trustOf('lambda.amazonaws.com') })
    expect(useIn(ofLambda, notListed('AWS::ECS::TaskDefinition')).unclear).toEqual([])
    expect(useIn(ofLambda, broken('ExecutionRoleArn')).unclear).toEqual([])
  })

  test('is nothing in regions from which ECS may not assume the role', () => {
    const trust = trustOf('ecs-tasks.amazonaws.com', {
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:eu-central-1:111122223333:*' } },
    })
    const far = elsewhere(user({ family: 'far' }), { region: 'eu-west-1' })
    const listed = listedIn({ ...home, region: 'eu-west-1' }, 'AWS::ECS::TaskDefinition')
    const narrow = role({ name: 'execution', trust })
    expect(
      useIn(narrow, far, ...listed, notListed('AWS::ECS::TaskDefinition')).unclear.map(({ reason }) => reason),
    ).toEqual(['task definitions in eu-central-1: AWS::ECS::TaskDefinition could not be listed'])
  })
})
