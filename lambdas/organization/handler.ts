import { EC2Client } from '@aws-sdk/client-ec2'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { S3Client } from '@aws-sdk/client-s3'
import { configurableRules } from '../../shared/rules/rule-parameters.ts'
import { clientConfiguration, clientsPerRegion } from '../../shared/runtime/aws-clients.ts'
import { createLog } from '../../shared/runtime/log.ts'
import { createMeasures } from '../../shared/runtime/measures.ts'
import { createHandler } from './create-handler.ts'
import type { HubClients } from './dependencies.ts'
import { settingsAsJson } from './settings-as-json.ts'

const name = 'pullpath-organization'

/** AWS Organizations answers for the partition of the region. */
const clients = clientsPerRegion((region): HubClients => {
  const configuration = clientConfiguration(region)
  return {
    organizations: new OrganizationsClient(configuration),
    ec2: new EC2Client(configuration),
    s3: new S3Client(configuration),
  }
})

async function send(url: URL, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<number> {
  const { status } = await fetch(url, { method: 'PUT', body, signal, redirect: 'error' })
  return status
}

/** The entry point of pullpath-organization: EventBridge invokes it on schedule in the hub account, CloudFormation with the stack. */
export const handler = createHandler({
  clients,
  settingsAsJson: (text, file, now) => settingsAsJson(text, file, configurableRules(), now),
  variables: () => process.env,
  log: () => createLog(name),
  measures: () => createMeasures(name),
  now: () => new Date(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
  send,
})
