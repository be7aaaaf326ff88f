// biome-ignore-all lint/suspicious/noExplicitAny: evaluations and findings as they went over the wire
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleLambda, projectRoot } from '../../infra/bundle.ts'
import { jitterOf } from '../../lambdas/config-rule/jitter.ts'
import { closedPolicy, openPolicy, scheduledEvent } from '../lambdas/config-rule/scenario.ts'
import { serveCompliance } from '../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'

const account = '111122223333'
const ruleId = 'ecr-repository-not-public'
const ruleName = `pullpath-${ruleId}`
/** Milliseconds the function is told it has. */
const remaining = 60_000
/** Sweeps wait for as long as the ARN says: this one hardly at all. */
const ruleArn = [...Array(100_000).keys()]
  .map((n) => `arn:aws:config:eu-central-1:${account}:config-rule/config-rule-${n}`)
  .find((arn) => jitterOf(account, arn, remaining) < 10)

let folder: string
let fake: FakeAws
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pullpath-killed-'))
  writeFileSync(join(folder, 'index.js'), await bundleLambda('lambdas/config-rule/ecr-handler.ts'))
  fake = await startFakeAws()
})
afterAll(async () => {
  await fake.close()
  rmSync(folder, { recursive: true })
})

const token = 'token-1'
const sweepAt = (time: string) => ({
  ...scheduledEvent(time),
  ...{
    resultToken: token,
    ruleParameters: JSON.stringify({ ruleId }),
    configRuleName: ruleName,
    configRuleArn: ruleArn,
  },
})
const first = sweepAt('2026-03-01T09:00:00.000Z')
const second = sweepAt('2026-03-02T09:00:00.000Z')

/** Starts the built function in a process of its own, as Lambda does, with this event. */
function start(event: unknown): ChildProcess {
  const functionArn = `arn:aws:lambda:eu-central-1:${account}:function:pullpath-ecr-policy-auditor`
  const script = `
    const { handler } = require('./index.js')
    const context = { invokedFunctionArn: '${functionArn}', getRemainingTimeInMillis: () => ${remaining} }
    handler(${JSON.stringify(event)}, context).then(() => process.exit(0), (error) => {
      console.error(error)
      process.exit(1)
    })`
  const env = {
    ...{ PATH: process.env.PATH, NODE_PATH: join(projectRoot, 'node_modules'), AWS_REGION: 'eu-central-1' },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: fake.endpoint },
  }
  return spawn(process.execPath, ['-e', script], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Runs it to its end, or kills it when it makes the request after that many. Returns its exit code, or the signal. */
async function run(event: unknown, killedAfter = Number.POSITIVE_INFINITY): Promise<number | string | null> {
  const child = start(event)
  let requests = 0
  fake.state.plan = () => {
    requests += 1
    if (requests <= killedAfter) return undefined
    child.kill('SIGKILL')
    return { hang: true }
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ?? code))
  })
}

/** An account that was judged, before two of its repositories changed and one went. */
function changedAccount(judged: readonly (readonly [string, any])[], found: readonly (readonly [string, any])[]): void {
  for (const held of [fake.compliance, fake.findings]) held.clear()
  for (const [key, one] of judged) fake.compliance.set(key, one)
  for (const [id, one] of found) fake.findings.set(id, one)
  fill('open', 'closed', 'gone')
}
function fill(...states: readonly ('open' | 'closed' | 'gone')[]): void {
  fake.state.repositories.clear()
  for (const [index, state] of states.entries()) {
    const policy = state === 'open' ? openPolicy : closedPolicy
    if (state !== 'gone') fake.state.repositories.set(['a', 'b', 'c'][index] ?? '', policy)
  }
}
const shown = () => [
  ...[...fake.compliance.values()].map((one) => [one.ComplianceResourceId, one.ComplianceType, one.Annotation]).sort(),
  ...[...fake.findings.values()].map((one) => [one.Resources[0].Id, one.Compliance.Status, one.RecordState]).sort(),
]

describe('P8 a process of the built function', () => {
  it('killed after any of its requests and started anew leaves what an undisturbed one leaves', async () => {
    fake.state.token = token
    serveCompliance(fake, ruleName)
    fill('closed', 'open', 'open')
    expect(await run(first)).toBe(0)
    const [judged, found] = [[...fake.compliance], [...fake.findings]]
    changedAccount(judged, found)
    fake.calls.length = 0
    expect(await run(second)).toBe(0)
    const requests = fake.calls.length
    const expected = shown()
    expect(expected.map(([name, status]) => `${name} ${status}`)).toEqual(
      expect.arrayContaining(['a NON_COMPLIANT', 'b COMPLIANT', 'c NOT_APPLICABLE']),
    )
    expect(requests).toBeGreaterThan(8)
    for (let n = 1; n < requests; n++) {
      changedAccount(judged, found)
      expect([n, await run(second, n)]).toEqual([n, 'SIGKILL'])
      expect([n, await run(second)]).toEqual([n, 0])
      expect([n, ...shown()]).toEqual([n, ...expected])
    }
  }, 240_000)
})
