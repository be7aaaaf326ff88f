import type { SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { InputError } from '../../shared/model/errors.ts'
import type { Patience } from '../../shared/sinks/back-off.ts'
import { sendFindings } from '../../shared/sinks/queue/send-findings.ts'
import { importFindings } from '../../shared/sinks/security-hub/import-findings.ts'
import type { WorkParts } from './dependencies.ts'

/** What findings are sent on with. */
export interface PublishingParts extends Patience, Pick<WorkParts, 'variables' | 'log'> {
  readonly sqs: (region: string) => Pick<SQSClient, 'send'>
  readonly securityHub: (region: string) => Pick<SecurityHubClient, 'send'>
}

/** Publishes through the queue that `PULLPATH_FINDINGS_QUEUE_URL` names, straight into Security Hub where it names none. */
export function publisher({ sqs, securityHub, variables, log, ...patience }: PublishingParts): WorkParts['publish'] {
  return async ({ accountId, region }, findings) => {
    const { PULLPATH_FINDINGS_QUEUE_URL: queueUrl = '' } = variables()
    if (queueUrl === '') {
      const delivery = await importFindings({ client: securityHub(region), accountId, ...patience }, findings)
      if (!delivery.delivered) log().warn('not delivered', { reason: delivery.reason })
      return
    }
    if (!URL.canParse(queueUrl))
      throw new InputError('environment variable PULLPATH_FINDINGS_QUEUE_URL: expected a URL')
    await sendFindings({ client: sqs(region), queueUrl, ...patience }, findings)
  }
}
