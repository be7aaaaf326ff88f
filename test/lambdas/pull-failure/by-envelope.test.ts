import { expect, it } from 'vitest'
import { byEnvelope } from '../../../lambdas/pull-failure/by-envelope.ts'
import { fixtureEvent, scheduledEvent } from '../config-rule/scenario.ts'
import { callEvent, scanEvent } from '../resource-change/scenario.ts'

const context = {
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:pullpath-pull-failure',
  getRemainingTimeInMillis: () => 60_000,
}

/** Who handled the event, and whether the auditor was loaded for it. */
async function handledBy(event: unknown): Promise<readonly string[]> {
  const said: string[] = []
  const handle = byEnvelope(
    async () => void said.push('pulls'),
    async () => {
      said.push('loaded')
      return async () => void said.push('auditor')
    },
  )
  await handle(event, context)
  return said
}

it.each(['ecs-task-stopped', 'ecs-service-action', 'ecr-pull-through-failed', 'ecr-replication-failed'])(
  'an event of pulls, %s, is looked into without the auditor of images',
  async (name) => {
    expect(await handledBy(fixtureEvent(name))).toEqual(['pulls'])
  },
)

it.each([
  ['a call', callEvent('ecs', 'UpdateService', {})],
  ['a basic scan', scanEvent('app')],
  ['an enhanced scan', scanEvent('app', { 'detail-type': 'Inspector2 Scan', source: 'aws.inspector2' })],
  ['a notification of AWS Config', scheduledEvent()],
  ['a follow-up of a sweep', { source: 'pullpath.sweep', cursor: {}, configEvent: {} }],
  ['nothing at all', undefined],
])('%s goes to the auditor of images', async (_what, event) => {
  expect(await handledBy(event)).toEqual(['loaded', 'auditor'])
})

it('an event nobody knows is refused by who looks into pulls', async () => {
  expect(await handledBy({ ...scanEvent('app'), 'detail-type': 'ECR Image Action' })).toEqual(['pulls'])
  expect(await handledBy({ 'detail-type': null })).toEqual(['pulls'])
})
