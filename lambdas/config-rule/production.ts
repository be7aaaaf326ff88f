import { Lambda } from '@aws-sdk/client-lambda'
import { parseArn } from '../../shared/model/arn.ts'
import { ruleIds } from '../../shared/rules/rule-ids.ts'
import { awsClients, clientConfiguration, clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import type { Dependencies } from './dependencies.ts'
import { invokeItself } from './invoke-itself.ts'

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
    continueLater: (functionArn, event) =>
      invokeItself(new Lambda(clientConfiguration(parseArn(functionArn)?.region ?? '')))(functionArn, event),
  }
}
