import { SQSClient } from '@aws-sdk/client-sqs'
import { foreignOfEnvironment } from '../../shared/live/foreign-of-environment.ts'
import { hubOf } from '../../shared/live/hub.ts'
import { ruleIds } from '../../shared/rules/rule-ids.ts'
import { awsClients, clientConfiguration, clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { hubClients } from '../../shared/runtime/hub-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import { createMetrics } from '../../shared/runtime/metrics.ts'
import { networkClients } from '../../shared/runtime/network-clients.ts'
import { workloadClients } from '../../shared/runtime/workload-clients.ts'
import { publisher } from './publish.ts'
import { type Work, workWith } from './work.ts'

/** The work of the deployed function. Made once: a warm invocation reuses connections and credentials. */
export function production(): Work {
  const clients = clientsPerRegion((region) => ({
    ...awsClients(region),
    ...networkClients(region),
    ...workloadClients(region),
  }))
  const queues = clientsPerRegion((region) => new SQSClient(clientConfiguration(region)))
  const variables = () => process.env
  const log = () => createLog('pullpath-pull-failure')
  const publish = publisher({
    sqs: queues,
    securityHub: (region) => clients(region).securityHub,
    variables,
    log,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
  })
  const metrics = () => createMetrics('pullpath-pull-failure')
  const hub = hubOf(variables, hubClients())
  const foreign = foreignOfEnvironment(variables, 'pullpath-pull-failure')
  return workWith({ clients, publish, hub, foreign, ruleIds, variables, log, metrics })
}
