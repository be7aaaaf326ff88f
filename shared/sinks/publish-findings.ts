import type { AwsSecurityFinding, SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { InputError } from '../model/errors.ts'
import type { Scope } from '../model/resource.ts'
import type { Patience } from './back-off.ts'
import { sendFindings } from './queue/send-findings.ts'
import { type Delivery, importFindings } from './security-hub/import-findings.ts'

/** What findings are handed on with. */
export interface PublishingParts extends Patience {
  readonly sqs: (region: string) => Pick<SQSClient, 'send'>
  readonly securityHub: (region: string) => Pick<SecurityHubClient, 'send'>
  readonly variables: () => Readonly<Record<string, string | undefined>>
}

/** Hands findings of one account and region on. Rejects when any of them was not taken. */
export type Publish = (own: Scope, findings: readonly AwsSecurityFinding[]) => Promise<Delivery>

/**
 * Publishes through the queue that `PULLPATH_FINDINGS_QUEUE_URL` names, straight into Security Hub where it names none, and
 * not at all where `PULLPATH_SECURITY_HUB` is off. Through the queue, delivered means queued: what becomes of the findings then
 * is the business of finding-publisher, its metrics and its dead-letter queue.
 */
export function publisherOf({ sqs, securityHub, variables, ...patience }: PublishingParts): Publish {
  return async ({ accountId, region }, findings) => {
    const { PULLPATH_FINDINGS_QUEUE_URL: queueUrl = '', PULLPATH_SECURITY_HUB: hub } = variables()
    if (hub === 'off') return { delivered: false, reason: 'Security Hub is switched off in this deployment' }
    if (queueUrl === '') return importFindings({ client: securityHub(region), accountId, ...patience }, findings)
    if (!URL.canParse(queueUrl))
      throw new InputError('environment variable PULLPATH_FINDINGS_QUEUE_URL: expected a URL')
    await sendFindings({ client: sqs(region), queueUrl, ...patience }, findings)
    return { delivered: true }
  }
}
