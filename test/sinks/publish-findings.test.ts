import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import { describe, expect, it } from 'vitest'
import { publisherOf } from '../../shared/sinks/publish-findings.ts'

const own = { accountId: '111122223333', region: 'eu-central-1' }
const finding = { Id: 'pullpath/1', AwsAccountId: '111122223333' } as AwsSecurityFinding
const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/111122223333/pullpath-findings'

/** Publishes one finding with these variables; answers are given to whatever is called. */
async function publish(variables: Record<string, string>, answer: unknown = {}, one = finding) {
  const sent: string[] = []
  const client = (to: string) => (region: string) => ({
    send: async () => {
      sent.push(`${to} in ${region}`)
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  const delivery = publisherOf({
    sqs: client('queue') as never,
    securityHub: client('hub') as never,
    variables: () => variables,
    sleep: async () => undefined,
    random: () => 0,
  })(own, [one])
  return { delivery: await delivery, sent }
}

describe('findings are handed', () => {
  it('to the queue that is named, which is all that delivered means', async () => {
    const { delivery, sent } = await publish({ PULLPATH_FINDINGS_QUEUE_URL: queueUrl }, { Successful: [{ Id: '0' }] })
    expect([delivery, sent]).toEqual([{ delivered: true }, ['queue in eu-central-1']])
  })

  it('to Security Hub where no queue is named', async () => {
    const { delivery, sent } = await publish({ PULLPATH_FINDINGS_QUEUE_URL: '' }, { SuccessCount: 1, FailedCount: 0 })
    expect([delivery, sent]).toEqual([{ delivered: true }, ['hub in eu-central-1']])
  })

  it('to nobody where the deployment sends none, and that is said', async () => {
    const { delivery, sent } = await publish({ PULLPATH_SECURITY_HUB: 'off', PULLPATH_FINDINGS_QUEUE_URL: queueUrl })
    expect(sent).toEqual([])
    expect(delivery).toEqual({ delivered: false, reason: 'Security Hub is switched off in this deployment' })
  })

  it('to nobody where Security Hub is not enabled, and that is said', async () => {
    const error = Object.assign(new Error('not subscribed'), { name: 'InvalidAccessException' })
    const { delivery } = await publish({}, error)
    expect(delivery).toMatchObject({ delivered: false, reason: expect.stringContaining('not enabled') })
  })

  it('never straight to Security Hub when they are of another account', async () => {
    await expect(publish({}, {}, { ...finding, AwsAccountId: '444455556666' })).rejects.toThrow('another account')
  })

  it('never to what is no URL', async () => {
    await expect(publish({ PULLPATH_FINDINGS_QUEUE_URL: 'findings' })).rejects.toThrow(
      'environment variable PULLPATH_FINDINGS_QUEUE_URL: expected a URL',
    )
  })
})
