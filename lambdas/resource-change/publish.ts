import type { SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { InputError } from '../../shared/model/errors.ts'
import type { Patience } from '../../shared/sinks/back-off.ts'
import { sendFindings } from '../../shared/sinks/queue/send-findings.ts'
import { asffOf } from '../../shared/sinks/security-hub/asff.ts'
import { importFindings } from '../../shared/sinks/security-hub/import-findings.ts'
import type { Dependencies } from './dependencies.ts'

/** What findings are handed on with. */
export interface PublishingParts extends Patience {
  readonly sqs: (region: string) => Pick<SQSClient, 'send'>
  readonly securityHub: (region: string) => Pick<SecurityHubClient, 'send'>
  readonly variables: Dependencies['variables']
}

/**
 * Publishes through the queue that `PULLPATH_FINDINGS_QUEUE_URL` names, straight into Security Hub where it names none, and
 * not at all where `PULLPATH_SECURITY_HUB` is off. It rejects when a finding was not taken.
 */
export function publisher({ sqs, securityHub, variables, ...patience }: PublishingParts): Dependencies['publish'] {
  return async (findings, { accountId, region, readAt }) => {
    const { PULLPATH_FINDINGS_QUEUE_URL: queueUrl = '', PULLPATH_SECURITY_HUB: hub } = variables()
    if (hub === 'off') return
    const rendered = findings.flatMap((finding) => asffOf(finding, readAt, region) ?? [])
    if (queueUrl === '') {
      // Where Security Hub is not enabled there is nobody to tell.
      await importFindings({ client: securityHub(region), accountId, ...patience }, rendered)
      return
    }
    if (!URL.canParse(queueUrl))
      throw new InputError('environment variable PULLPATH_FINDINGS_QUEUE_URL: expected a URL')
    await sendFindings({ client: sqs(region), queueUrl, ...patience }, rendered)
  }
}
