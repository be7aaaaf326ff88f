import { Lambda } from '@aws-sdk/client-lambda'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import { ruleWatches } from '../../shared/rules/rule-watches.ts'
import { clientConfiguration, clientsPerRegion } from '../../shared/runtime/client-configuration.ts'
import { invokeLater } from '../../shared/runtime/invoke-later.ts'
import { createLog } from '../../shared/runtime/log.ts'
import { createHandler } from './create-handler.ts'

const clients = clientsPerRegion((region) => new Lambda(clientConfiguration(region)))

/** The entry point of pullpath-resource-change, which EventBridge invokes. */
export const handler = createHandler({
  watches: ruleWatches,
  handOn: (area, event, region) => invokeLater(clients(region), judgingFunctions[area], event, 'the event'),
  variables: () => process.env,
  log: () => createLog('pullpath-resource-change'),
  now: () => new Date(),
})
