import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { parseImageReference } from '../../shared/pull/image-reference.ts'
import { otherRepositories } from '../../shared/pull/other-repositories.ts'
import { permissionsOfRole } from '../../shared/pull/role-permissions.ts'
import {
  allowPull,
  type EstatePart,
  elsewhere,
  home,
  imageUri,
  notListed,
  policy,
  policyArn,
  repository,
  role,
  roleArn,
} from '../support/builders.ts'
import { roleIn, worldOf } from './pull-world.ts'

const arn = (name: string) => `arn:aws:ecr:eu-central-1:111122223333:repository/${name}`
const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const may = (Action: readonly string[], Resource: string, more: JsonObject = {}) => ({
  Effect: 'Allow',
  Action: [...Action],
  Resource,
  ...more,
})
const app = (...statements: readonly JsonObject[]) => role({ inline: { own: policy(...statements) } })
const repositories = ['app', 'api', 'web'].map((name) => repository({ name }))

function othersIn(parts: readonly EstatePart[], images: readonly string[] = ['app:1']) {
  const world = worldOf(parts)
  const permissions = permissionsOfRole(world, roleIn(world.inventory), {
    puller: 'fargateTask',
    region: home.region,
  })
  const references = images.flatMap((image) => {
    const reference = parseImageReference(imageUri(image))
    return reference.kind === 'ecrPrivate' ? [reference] : []
  })
  return otherRepositories(world.inventory, permissions, references)
}

describe('other repositories that a role can pull', () => {
  test('are those of its account that its policies open and that hold none of its images', () => {
    expect(othersIn([app(may(pull, '*')), ...repositories])).toEqual({ held: [arn('api'), arn('web')], missing: [] })
    expect(othersIn([app(may(pull, '*')), ...repositories], ['app:1', 'api:1', 'web:1']).held).toEqual([])
    expect(othersIn([app(may(pull, arn('a*'))), ...repositories]).held).toEqual([arn('api')])
  })

  test('need both actions', () => {
    for (const action of pull) {
      expect(othersIn([app(may([action], '*')), ...repositories])).toEqual({ held: [], missing: [] })
    }
    const [manifest, layers] = pull.map((action) => [action])
    const apart = app(may(manifest!, arn('api')), may(layers!, arn('web')))
    expect(othersIn([apart, ...repositories]).held).toEqual([])
  })

  test('include those whose policy names the role, and not those that name only one action', () => {
    const naming = (actions: readonly string[]) =>
      repository({ name: 'api', policy: policy(allowPull({ AWS: roleArn('app') }, { Action: [...actions] })) })
    expect(othersIn([role(), repository(), naming(pull)]).held).toEqual([arn('api')])
    for (const action of pull) expect(othersIn([role(), repository(), naming([action])]).held).toEqual([])
    expect(othersIn([app(may([pull[0]!], '*')), naming([pull[1]!])]).held).toEqual([arn('api')])
  })

  test('are told once where the role and the repository both allow', () => {
    const naming = repository({ name: 'api', policy: policy(allowPull({ AWS: roleArn('app') })) })
    expect(othersIn([app(may(pull, '*')), naming])).toEqual({ held: [arn('api')], missing: [] })
  })

  test('are none of other accounts, and none that do not exist', () => {
    const foreign = elsewhere(repository({ name: 'far', policy: policy(allowPull({ AWS: roleArn('app') })) }), {
      accountId: '444455556666',
    })
    expect(othersIn([app(may(pull, '*')), repository(), foreign])).toEqual({ held: [], missing: [] })
    expect(othersIn([app(may(pull, arn('gone'))), repository()])).toEqual({ held: [], missing: [] })
  })

  test('count although a condition of the single request decides', () => {
    const conditional = { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }
    expect(othersIn([app(may(pull, '*', conditional)), repository(), repository({ name: 'api' })])).toEqual({
      held: [arn('api')],
      missing: [],
    })
  })

  test('are open with what is missing where a policy of the role is not known', () => {
    const lost = role({ inline: { own: policy(may(pull, '*')) }, attached: [policyArn('lost')] })
    const answer = othersIn([lost, ...repositories.slice(0, 2), notListed('AWS::IAM::Policy')])
    expect(answer.held).toEqual([])
    expect(answer.missing.length).toBeGreaterThan(0)
    for (const missing of answer.missing) {
      expect(missing).toMatchObject({ kind: 'document' })
      expect(JSON.stringify(missing)).toContain('AWS::IAM::Policy could not be listed')
    }
  })
})
