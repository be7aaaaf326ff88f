import { Lambda } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { hubOf } from '../../shared/live/hub.ts'
import { parseArn } from '../../shared/model/arn.ts'
import { ruleIds } from '../../shared/rules/rule-ids.ts'
import { awsClients, clientConfiguration, clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { hubClients } from '../../shared/runtime/hub-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import { createMetrics } from '../../shared/runtime/metrics.ts'
import { tagReading } from '../../shared/runtime/tag-reading.ts'
import type { Dependencies } from './dependencies.ts'
import { invokeItself } from './invoke-itself.ts'

/** What every deployed function has outside its decision, except the rules it serves and what it can see. */
export function production(): Omit<Dependencies, 'rules' | 'sources'> {
  const s3 = hubClients()
  return {
    ...{ ruleIds, s3, hub: hubOf(() => process.env, s3) },
    clients: clientsPerRegion(awsClients),
    tags: tagReading(),
    sqs: clientsPerRegion((region) => new SQSClient(clientConfiguration(region))),
    variables: () => process.env,
    log: () => createLog('pullpath-config-rule'),
    // One source is several functions, and each has to show that it works.
    metrics: () => createMetrics(process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'pullpath-config-rule'),
    now: () => new Date(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
    continueLater: (functionArn, event) =>
      invokeItself(new Lambda(clientConfiguration(parseArn(functionArn)?.region ?? '')))(functionArn, event),
  }
}
