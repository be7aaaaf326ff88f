import { rules } from '../../shared/rules/index.ts'
import { clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import { createHandler } from './create-handler.ts'

/** The entry point that AWS Config invokes. */
export const handler = createHandler({
  rules,
  clients: clientsPerRegion(),
  variables: () => process.env,
  log: () => createLog('pullpath-config-rule'),
  now: () => new Date(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
})
