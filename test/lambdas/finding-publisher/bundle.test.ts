import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleLambda, projectRoot } from '../../../infra/bundle.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { fakeSecurityHub } from '../../support/fake-aws/security-hub.ts'
import { accountId, bodyOf, eventOf, functionArn, region } from './scenario.ts'

let fake: FakeAws
let folder: string
let code: string
beforeAll(async () => {
  fake = await startFakeAws(accountId, region)
  folder = mkdtempSync(join(tmpdir(), 'pullpath-publisher-'))
  code = await bundleLambda('lambdas/finding-publisher/handler.ts')
  writeFileSync(join(folder, 'index.js'), code)
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await fake.close()
})

/** Runs the bundle as Lambda does, once per event in one process; lines of its log, and the answers. */
async function run(events: readonly unknown[]) {
  const script = `
    const { handler } = require('./index.js')
    const context = { invokedFunctionArn: '${functionArn}', getRemainingTimeInMillis: () => 60000 }
    const answers = async () => {
      for (const event of ${JSON.stringify(events)}) console.log(JSON.stringify({ answer: await handler(event, context) }))
    }
    answers()`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', script], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, NODE_PATH: join(projectRoot, 'node_modules'), AWS_REGION: region },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: fake.endpoint },
    },
  })
  const jsonOf = (text: string) => text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  const lines = jsonOf(stdout)
  return {
    answers: lines.flatMap((line) => (line.answer ? [line.answer] : [])),
    metrics: lines.filter((line) => line._aws),
    log: lines.filter((line) => line.level),
    warnings: jsonOf(stderr),
  }
}

describe('the bundle of the finding publisher', () => {
  it('A10 publishes, returns what failed, counts and logs, the same cold and warm', async () => {
    const hub = fakeSecurityHub({ accountId, region, now: () => Date.now() })
    fake.state.services.set('securityhub', hub.serve)
    hub.failing = ({ Id }) => (Id === 'pullpath/invalid' ? 'InvalidInput' : undefined)
    const batch = eventOf([bodyOf('a'), 'poison', bodyOf('invalid'), bodyOf('b')])
    const { answers, metrics, log, warnings } = await run([batch, eventOf([bodyOf('c')]), batch])
    const failed = { batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] }
    expect(answers).toEqual([failed, { batchItemFailures: [] }, failed])
    const counts = metrics.map((one) => [one.FindingsAccepted, one.FindingsRejected, one.FindingsNotDelivered])
    expect(counts).toEqual([
      [2, 2, 0],
      [1, 0, 0],
      [2, 2, 0],
    ])
    expect(metrics[0]).toMatchObject({ service: 'pullpath-finding-publisher' })
    expect(warnings.slice(0, 2)).toMatchObject([
      { level: 'WARN', message: 'message refused', messageId: 'm1', reason: 'body: expected JSON text' },
      { level: 'WARN', message: 'finding refused', id: 'pullpath/invalid', code: 'InvalidInput' },
    ])
    expect(log[0]).toMatchObject({ level: 'INFO', message: 'published', imported: 2, unreadable: 1, invalid: 1 })
    expect(hub.held('pullpath/b')?.workflow).toBe('NEW')
  })

  it('C7 acknowledges where Security Hub is not enabled', async () => {
    const hub = fakeSecurityHub({ accountId, region, now: () => Date.now() })
    hub.enabled = false
    fake.state.services.set('securityhub', hub.serve)
    const { answers, metrics } = await run([eventOf([bodyOf('a')])])
    expect(answers).toEqual([{ batchItemFailures: [] }])
    expect(metrics.map((one) => [one.FindingsNotDelivered, one.region])).toEqual([
      [1, undefined],
      [1, region],
    ])
    expect(hub.calls.length).toBe(1)
  })

  it('is small', () => {
    expect(code.length).toBeLessThan(80_000)
  })
})
