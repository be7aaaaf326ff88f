// biome-ignore-all lint/suspicious/noExplicitAny: answers of services are JSON
import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { AwsClient } from 'aws4fetch'
import type { Place } from './cloudformation.ts'

/** The services of which the project has no client, by the names that sign for them: what comes before an operation's name. */
const targets = {
  events: 'AWSEvents',
  kms: 'TrentService',
  logs: 'Logs_20140328',
  monitoring: 'GraniteServiceVersion20100801',
  states: 'AWSStepFunctions',
} as const

/** The services of an account and region of moto. */
export interface Services {
  readonly config: ConfigServiceClient
  readonly iam: IAMClient
  readonly lambda: LambdaClient
  readonly organizations: OrganizationsClient
  readonly s3: S3Client
  readonly sqs: SQSClient
  /** Calls a service by its JSON protocol. @throws Error with the answer of a call that was refused */
  readonly call: (service: keyof typeof targets, operation: string, input?: object) => Promise<any>
}

/** Clients that try once. */
export function servicesOf({ endpoint, region, credentials }: Place): Services {
  const shared = { endpoint, region, credentials, maxAttempts: 1 }
  return {
    config: new ConfigServiceClient(shared),
    iam: new IAMClient(shared),
    lambda: new LambdaClient(shared),
    organizations: new OrganizationsClient(shared),
    s3: new S3Client({ ...shared, forcePathStyle: true }),
    sqs: new SQSClient(shared),
    call: async (service, operation, input = {}) => {
      const client = new AwsClient({ ...credentials, service, region, retries: 0 })
      const answer = await client.fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${targets[service]}.${operation}` },
        body: JSON.stringify(input),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`)
      return text === '' ? {} : JSON.parse(text)
    },
  }
}
