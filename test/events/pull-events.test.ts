import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pullThroughEvent } from '../../shared/events/ecr-pull-through.ts'
import { replicationEvent } from '../../shared/events/ecr-replication.ts'
import { ecsServiceEvent } from '../../shared/events/ecs-service-action.ts'
import { ecsTaskEvent, reasonsOf, serviceOfGroup } from '../../shared/events/ecs-task-stopped.ts'
import { cleanText, receivedEvent } from '../../shared/events/event-bridge.ts'
import { pullEventPatterns } from '../../shared/events/pull-event-patterns.ts'
import { InputError } from '../../shared/model/errors.ts'

const now = new Date('2026-03-01T12:00:00Z')
const golden = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/events/${name}.json`, import.meta.url), 'utf8'))
const received = (name: string, detail: object = {}) => {
  const event = golden(name)
  return receivedEvent({ ...event, detail: { ...event.detail, ...detail } }, now)
}
const origin = (time: string) => ({
  accountId: '111122223333',
  region: 'eu-central-1',
  time,
})

describe('an event of EventBridge', () => {
  it('a task that stopped says where to look and why it is said to have stopped', () => {
    const arn = 'arn:aws:ecs:eu-central-1:111122223333'
    expect(ecsTaskEvent(received('ecs-task-stopped'))).toEqual({
      kind: 'task',
      ...origin('2026-03-01T11:00:00.000Z'),
      source: 'aws.ecs',
      detailType: 'ECS Task State Change',
      taskArn: `${arn}:task/main/00000000000000000000000000000001`,
      clusterArn: `${arn}:cluster/main`,
      taskDefinitionArn: `${arn}:task-definition/web:1`,
      lastStatus: 'STOPPED',
      serviceName: 'web',
      reasons: [golden('ecs-task-stopped').detail.stoppedReason],
    })
  })

  it.each([
    ['arn:aws:ecs:eu-central-1:111122223333:service/main/web', 'web'],
    ['arn:aws:ecs:eu-central-1:111122223333:service/web', 'web'],
  ])('a service is named by %s', (arn, serviceName) => {
    const event = receivedEvent({ ...golden('ecs-service-action'), resources: [arn] }, now)
    expect(ecsServiceEvent(event)).toMatchObject({ kind: 'service', eventName: 'SERVICE_STEADY_STATE', serviceName })
  })

  it('a failed sync of a cache states code and reason', () => {
    expect(pullThroughEvent(received('ecr-pull-through-failed'))).toMatchObject({
      outcome: 'failed',
      status: 'FAILED',
      repositoryName: 'docker-hub/alpine',
      prefix: 'docker-hub',
      imageDigest: undefined,
      reasons: ['UpstreamAccessDenied', 'The upstream registry refused the login of the cache rule'],
    })
  })

  it('a failed replication states image and source', () => {
    expect(replicationEvent(received('ecr-replication-failed'))).toMatchObject({
      succeeded: false,
      repositoryName: 'app',
      imageDigest: `sha256:${'a'.repeat(64)}`,
      sourceAccount: '444455556666',
      sourceRegion: 'us-west-2',
    })
  })

  it.each(['SUCCESS ', 'success', 'COMPLETE', '__proto__'])('A8 the result %j is no success', (result) => {
    expect(replicationEvent(received('ecr-replication-failed', { result })).succeeded).toBe(false)
    expect(pullThroughEvent(received('ecr-pull-through-failed', { 'sync-status': result })).outcome).toBe('failed')
  })

  it.each([
    ['SUCCESS', {}, 'succeeded'],
    ['FAILED', {}, 'failed'],
    ['FAILURE', {}, 'failed'],
    ['SCHEDULED', { 'failure-code': 'UpstreamUnavailable' }, 'failed'],
    ['SCHEDULED', { 'failure-reason': 'The upstream does not answer' }, 'failed'],
    ['SCHEDULED', {}, 'unknown'],
    ['SCHEDULED', { 'failure-code': ' \u0000', 'failure-reason': null }, 'unknown'],
    ['success', {}, 'unknown'],
    ['__proto__', {}, 'unknown'],
  ])('a sync with the status %s and %j has an outcome', (status, more, outcome) => {
    const none = { 'failure-code': undefined, 'failure-reason': undefined }
    const event = received('ecr-pull-through-failed', { 'sync-status': status, ...none, ...more })
    expect(pullThroughEvent(event)).toMatchObject({ outcome, status })
  })

  it('A1 arbitrary values are understood or refused with an InputError that names a field', () => {
    const parsers = [ecsTaskEvent, ecsServiceEvent, pullThroughEvent, replicationEvent]
    const names = ['ecs-task-stopped', 'ecs-service-action', 'ecr-pull-through-failed', 'ecr-replication-failed']
    fc.assert(
      fc.property(fc.nat(3), fc.nat(20), fc.jsonValue(), (which, index, value) => {
        const event = golden(names[which]!)
        const keys = Object.keys(event.detail)
        event.detail[keys[index % keys.length]!] = value
        try {
          parsers[which]!(receivedEvent(event, now))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          expect((error as Error).message).toMatch(/^event\.(?:detail|resources)[\w.-]*: /)
          expect((error as Error).message.length).toBeLessThan(300)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('text of an event', () => {
  it('is cut and loses what is not meant to be read', () => {
    expect(cleanText('a\u0000\u001b[31mb\u202e\r\nc\u2028d', 100)).toBe('a [31mb c d')
    expect(cleanText('x'.repeat(1_000_000), 10)).toBe('xxxxxxxxxx')
    expect(cleanText('\u0000'.repeat(50), 10)).toBe('')
  })

  it('is collected from the task and its containers, each once, and never without end', () => {
    expect(reasonsOf('a', [{ reason: 'b' }, {}, { reason: null }, { reason: 'a' }])).toEqual(['a', 'b'])
    const many = Array.from({ length: 1_000 }, (_, n) => ({ reason: `r${n}` }))
    expect(reasonsOf(undefined, many)).toHaveLength(50)
  })

  it.each([
    ['service:web', 'web'],
    ['family:web', undefined],
    ['service:', undefined],
    ['service:a b', undefined],
    ['xservice:web', undefined],
    [undefined, undefined],
  ])('the group %j is of service %s', (group, expected) => {
    expect(serviceOfGroup(group)).toBe(expected)
  })
})

it('every golden event is among those that are subscribed to', () => {
  const matches = (event: { source: string; 'detail-type': string }) =>
    pullEventPatterns.filter(
      (one) => one.source.includes(event.source) && one['detail-type'].includes(event['detail-type']),
    )
  for (const name of ['ecs-task-stopped', 'ecs-service-action', 'ecr-pull-through-failed', 'ecr-replication-failed']) {
    expect(matches(golden(name)).length, name).toBeGreaterThan(0)
  }
})
