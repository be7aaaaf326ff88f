import { eventFunctions } from '../../infra/config.ts'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import {
  eventOf,
  type PullAccount,
  registry,
  serviceArn,
  show,
  startPullAccount,
  stoppedEvent,
} from '../lambdas/pull-failure/scenario.ts'
import { scanEvent } from '../lambdas/resource-change/scenario.ts'
import { openRepository } from './config-rows.ts'
import { ago, type FunctionRow, foreign, inAccount, repositoryArn } from './stage.ts'

const missingImage = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${registry}/app:1: not found`

/** An event by which ECR or ECS tell of a pull that failed, in an account where it still fails. */
function failureRow(title: string, about: string, event: (account: PullAccount, time: string) => object): FunctionRow {
  const { functionName, entry } = eventFunctions.pullFailure
  return {
    ...{ title, functionName, entry, isFromBus: true },
    stage: async () => {
      const account = await startPullAccount()
      const told = event(account, ago(60))
      return inAccount(account.fake, {
        event: told,
        writes: [['Security Hub', 'pullpath/pull-failure', about, 'FAILED', 'ACTIVE']],
        refused: {
          event: { ...told, account: foreign },
          message: 'event.account: expected the account of this function',
        },
      })
    },
  }
}

const impaired = failureRow('a service whose tasks do not start', serviceArn, (account, time) => {
  account.images.set('app', [])
  show(account, stoppedEvent({ stoppedReason: missingImage, at: ago(120) }))
  return eventOf('ecs-service-action', { eventName: 'SERVICE_TASK_START_IMPAIRED', createdAt: time }, { time })
})

const cacheRepository = repositoryArn('docker-hub/alpine')
const pullThrough = failureRow('a pull-through cache that could not fetch', cacheRepository, (account, time) => {
  account.fake.state.cacheRules = [
    {
      ecrRepositoryPrefix: 'docker-hub',
      upstreamRegistryUrl: 'registry-1.docker.io',
      upstreamRegistry: 'docker-hub',
    },
  ]
  return eventOf('ecr-pull-through-failed', {}, { time })
})

const replication = failureRow('an image that was not replicated', repositoryArn('app'), (account, time) => {
  account.images.set('app', [])
  return eventOf('ecr-replication-failed', {}, { time })
})

/** The end of a scan is handed to the functions whose rules are about what was found. */
const scanned: FunctionRow = {
  title: 'a scan that has ended',
  functionName: eventFunctions.resourceChange.functionName,
  entry: eventFunctions.resourceChange.entry,
  variables: { PULLPATH_RULES: 'ecr-repository-scanned,image-free-of-critical-findings' },
  isFromBus: true,
  stage: async () => {
    const event = scanEvent('team/app', { time: ago(60) })
    const fake = await openRepository()
    fake.state.plan = (operation) => (operation === 'Invoke' ? { text: '', status: 202 } : undefined)
    return inAccount(fake, {
      event,
      writes: [['Lambda', judgingFunctions.image, undefined]],
      refused: { event: { ...event, account: foreign }, message: 'account' },
    })
  },
}

/** Events of ECS and ECR about images that did not arrive, and about what a scan found. */
export const pullRows: readonly FunctionRow[] = [impaired, pullThrough, replication, scanned]
