import type { ECRClient } from '@aws-sdk/client-ecr'
import { partitionOf } from '../../model/arn.ts'
import type { Reader } from '../reading.ts'

/** Where and with what to read a registry. */
export interface EcrReader extends Reader {
  readonly client: Pick<ECRClient, 'send'>
}

/** The ARN of an ECR resource of the reader's registry, `resource` being what follows the account id. */
export function ecrArn(reader: Pick<EcrReader, 'accountId' | 'region'>, resource: string): string {
  return `arn:${partitionOf(reader.region)}:ecr:${reader.region}:${reader.accountId}:${resource}`
}
