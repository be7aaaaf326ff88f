import { SQSClient } from '@aws-sdk/client-sqs'
import { hubOf } from '../../shared/live/hub.ts'
import { rules } from '../../shared/rules/index.ts'
import { awsClients, clientConfiguration, clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { hubClients } from '../../shared/runtime/hub-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import { createMetrics } from '../../shared/runtime/metrics.ts'
import { networkClients } from '../../shared/runtime/network-clients.ts'
import { workloadClients } from '../../shared/runtime/workload-clients.ts'
import { createHandler } from './create-handler.ts'
import { publisher } from './publish.ts'
import { sightOf } from './sight.ts'

const variables = () => process.env
const clients = clientsPerRegion((region) => ({
  ...awsClients(region),
  ...workloadClients(region),
  ...networkClients(region),
  sqs: new SQSClient(clientConfiguration(region)),
}))

/** The entry point of pullpath-resource-change, which EventBridge invokes. */
export const handler = createHandler({
  rules,
  hub: hubOf(variables, hubClients()),
  sight: clientsPerRegion((region) => sightOf(clients(region))),
  publish: publisher({
    sqs: (region) => clients(region).sqs,
    securityHub: (region) => clients(region).securityHub,
    variables,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
  }),
  variables,
  log: () => createLog('pullpath-resource-change'),
  metrics: () => createMetrics('pullpath-resource-change'),
  now: () => new Date(),
})
