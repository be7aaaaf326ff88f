import { SecurityHubClient } from '@aws-sdk/client-securityhub'
import { createLog } from '../../shared/runtime/log.ts'
import { createMetrics } from '../../shared/runtime/metrics.ts'
import { createHandler } from './create-handler.ts'
import type { DeadLetters } from './set-aside.ts'

const name = 'pullpath-finding-publisher'
const clients = new Map<string, SecurityHubClient>()

/** One client for the life of the process. One attempt a call: the sink itself tries again, as long as there is time. */
function securityHub(region: string): SecurityHubClient {
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true }
  const client = clients.get(region) ?? new SecurityHubClient({ region, maxAttempts: 1, requestHandler })
  clients.set(region, client)
  return client
}

/** Made when there is a first finding to set aside, which is hardly ever. */
let queue: Promise<DeadLetters | undefined> | undefined

function deadLetters(region: string): Promise<DeadLetters | undefined> {
  queue ??= deadLettersAt(region, process.env.PULLPATH_FINDING_DEAD_LETTERS_URL ?? '')
  return queue
}

async function deadLettersAt(region: string, queueUrl: string): Promise<DeadLetters | undefined> {
  if (!URL.canParse(queueUrl)) return undefined
  const { SQSClient } = await import('@aws-sdk/client-sqs')
  return { client: new SQSClient({ region, maxAttempts: 1 }), queueUrl }
}

/** The entry point of pullpath-finding-publisher, which Lambda's poller of the queue of findings invokes. */
export const handler = createHandler({
  securityHub,
  deadLetters,
  log: () => createLog(name),
  metrics: () => createMetrics(name),
  now: () => new Date(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
})
