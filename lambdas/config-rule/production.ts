import { ruleIds } from '../../shared/rules/rule-ids.ts'
import { awsClients, clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import type { Dependencies } from './dependencies.ts'

/** What every deployed function has outside its decision, except the rules it serves and what it can see. */
export function production(): Omit<Dependencies, 'rules' | 'sources'> {
  return {
    ruleIds,
    clients: clientsPerRegion(awsClients),
    variables: () => process.env,
    log: () => createLog('pullpath-config-rule'),
    now: () => new Date(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
  }
}
