import { SQSClient } from '@aws-sdk/client-sqs'
import { foreignOfEnvironment } from '../../shared/live/foreign-of-environment.ts'
import { hubOf } from '../../shared/live/hub.ts'
import { ruleIds } from '../../shared/rules/rule-ids.ts'
import { awsClients, clientConfiguration, clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { hubClients } from '../../shared/runtime/hub-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import { createMetrics } from '../../shared/runtime/metrics.ts'
import { networkClients } from '../../shared/runtime/network-clients.ts'
import { tagReading } from '../../shared/runtime/tag-reading.ts'
import { workloadClients } from '../../shared/runtime/workload-clients.ts'
import type { Patience } from '../../shared/sinks/back-off.ts'
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
  const patience: Patience = {
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
  }
  const publish = publisher({
    sqs: queues,
    securityHub: (region) => clients(region).securityHub,
    variables,
    log,
    ...patience,
  })
  const metrics = () => createMetrics('pullpath-pull-failure')
  const hub = hubOf(variables, hubClients())
  const foreign = foreignOfEnvironment(variables, 'pullpath-pull-failure')
  return workWith({
    ...{ ...patience, clients, publish, hub, foreign, ruleIds, variables, log, metrics },
    tags: tagReading(),
  })
}
