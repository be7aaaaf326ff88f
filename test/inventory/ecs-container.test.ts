import { expect, it } from 'vitest'
import type { JsonObject } from '../../shared/model/json.ts'
import { inventoryOf, taskDefinition } from '../support/builders.ts'

function containerOf(container: JsonObject) {
  const [definition] = inventoryOf([
    taskDefinition({ images: [{ Name: 'web', Image: 'app:1', ...container }] }),
  ]).taskDefinitions
  return definition?.containers.state === 'known' ? definition.containers.value[0] : undefined
}

it('a container names its log driver, the region of awslogs and every secret', () => {
  const container = containerOf({
    LogConfiguration: {
      LogDriver: 'awslogs',
      Options: { 'awslogs-region': 'eu-west-1', 'awslogs-group': 'web' },
      SecretOptions: [{ Name: 'token', ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:token' }],
    },
    Secrets: [{ Name: 'A', ValueFrom: '/one' }, { Name: 'B' }],
  })
  expect(container).toMatchObject({
    logDriver: 'awslogs',
    logRegion: 'eu-west-1',
    secrets: ['/one', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:token'],
  })
})

it('a container without any of them has none', () => {
  expect(containerOf({})).toMatchObject({ logDriver: undefined, logRegion: undefined, secrets: [] })
})

it('what is no list of secrets is none', () => {
  expect(containerOf({ Secrets: 'all', LogConfiguration: 'awslogs' })).toMatchObject({
    logDriver: undefined,
    secrets: [],
  })
})
