import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { S3Client } from '@aws-sdk/client-s3'
import { rules } from '../../shared/rules/index.ts'
import { clientConfiguration, clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import { createMeasures } from '../../shared/runtime/measures.ts'
import { requestHandler } from '../../shared/runtime/request-handler.ts'
import { published } from '../../shared/sources/published/published.ts'
import { createHandler } from './create-handler.ts'

const name = 'pullpath-organization-report'

/** A hundred tasks share the rates of one aggregator. */
const patient = (region: string) => ({ ...clientConfiguration(region), maxAttempts: 8, retryMode: 'adaptive' })

/** The entry point of pullpath-organization-report, which a state machine invokes in the hub account. */
export const handler = createHandler({
  rules,
  s3: clientsPerRegion(
    (region) => new S3Client({ ...clientConfiguration(region), requestHandler: requestHandler(30_000) }),
  ),
  config: clientsPerRegion((region) => new ConfigServiceClient(patient(region))),
  published: published(),
  variables: () => process.env,
  log: () => createLog(name),
  measures: () => createMeasures(name),
  now: () => new Date(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
})
