import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import { expect, it } from 'vitest'
import { publisher } from '../../../lambdas/pull-failure/publish.ts'

const finding = { Id: 'pullpath/1', AwsAccountId: '111122223333' } as AwsSecurityFinding
const own = { accountId: '111122223333', region: 'eu-central-1' }

function publishing(queueUrl: string | undefined, answer: unknown) {
  const sent: { readonly to: string; readonly input: unknown }[] = []
  const warnings: string[] = []
  const client = (to: string) => ({
    send: async ({ input }: { input: unknown }) => {
      sent.push({ to, input })
      return answer
    },
  })
  const publish = publisher({
    sqs: () => client('queue') as never,
    securityHub: () => client('hub') as never,
    variables: () => ({ PULLPATH_FINDINGS_QUEUE_URL: queueUrl }),
    log: () => ({ info: () => undefined, warn: (message) => void warnings.push(message) }),
    sleep: async () => undefined,
    random: () => 0,
  })
  return { publish, sent }
}

it('findings go straight to Security Hub where no queue is named', async () => {
  const { publish, sent } = publishing(undefined, { SuccessCount: 1, FailedCount: 0 })
  await publish(own, [finding])
  expect(sent).toEqual([{ to: 'hub', input: { Findings: [finding] } }])
})

it('findings go to the queue that is named', async () => {
  const { publish, sent } = publishing('https://sqs.eu-central-1.amazonaws.com/111122223333/findings', {
    Successful: [{ Id: '0' }],
    Failed: [],
  })
  await publish(own, [finding])
  expect(sent.map(({ to }) => to)).toEqual(['queue'])
})

it('a queue that did not take a finding makes the invocation fail', async () => {
  const { publish } = publishing('https://sqs.eu-central-1.amazonaws.com/111122223333/findings', {})
  await expect(publish(own, [finding])).rejects.toThrow('pullpath/1')
})

it('a queue whose name is no address is refused', async () => {
  const { publish } = publishing('findings', {})
  await expect(publish(own, [finding])).rejects.toThrow('PULLPATH_FINDINGS_QUEUE_URL: expected a URL')
})
