import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { organizationReport } from '../../infra/derive/report-state-machine.ts'
import { createFunction, invokeFunction } from './function.ts'
import { type MiniStack, startMiniStack } from './mini-stack.ts'
import { reportVariables, startHubOfReports } from './report-rows.ts'
import { ago } from './stage.ts'

let stack: MiniStack
let hub: Awaited<ReturnType<typeof startHubOfReports>>
beforeAll(async () => {
  stack = await startMiniStack()
  hub = await startHubOfReports()
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([hub.aws.close(), hub.s3.close()])
})

it('the report on the organization is whole after its plan, every account and region, and the last task, as the state machine asks for them', async () => {
  const { functionName, entry } = organizationReport
  await createFunction(stack, functionName, entry, { ...reportVariables, ...hub.environment })
  const startedAt = ago(60)
  const run = async (task: object) => {
    const { functionError, payload } = await invokeFunction(stack, functionName, { ...task, startedAt })
    expect([functionError, payload?.errorMessage]).toEqual([null, undefined])
    return payload
  }
  const planned = await run({ task: 'plan', execution: 'execution-1' })
  const shards = JSON.parse(hub.s3.text(planned.shardsKey) ?? '[]')
  expect(shards).toHaveLength(8)
  for (const shard of shards) await run({ task: 'shard', run: planned.run, shard })
  hub.s3.calls.length = 0
  const reduced = await run({ task: 'reduce', run: planned.run })
  expect(reduced).toMatchObject({ run: planned.run, pointer: 'published', places: 8, failed: 0 })
  const folder = `reports/runs/${planned.run}/`
  expect(hub.s3.calls.filter((call) => call.startsWith('PutObject'))).toEqual([
    ...['report.json', 'findings.csv', 'coverage.csv', 'report.html', 'report.md', 'manifest.json'].map(
      (name) => `PutObject ${folder}${name}`,
    ),
    'PutObject reports/latest.json',
  ])
  const latest = JSON.parse(hub.s3.text('reports/latest.json') ?? 'null')
  for (const { name, sha256 } of latest.files) {
    const text = hub.s3.text(`${folder}${name}`) ?? ''
    expect([name, createHash('sha256').update(text).digest('hex')]).toEqual([name, sha256])
  }
  expect(stack.coldStarts(functionName)).toBe(1)
})
