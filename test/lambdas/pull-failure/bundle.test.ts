import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleLambda, projectRoot } from '../../../infra/bundle.ts'
import {
  functionArn,
  held,
  type PullAccount,
  region,
  registry,
  show,
  startPullAccount,
  stoppedEvent,
} from './scenario.ts'

let account: PullAccount
let folder: string
beforeAll(async () => {
  account = await startPullAccount()
  folder = mkdtempSync(join(tmpdir(), 'pullpath-pull-failure-'))
  writeFileSync(join(folder, 'index.js'), await bundleLambda('lambdas/pull-failure/handler.ts'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await account.fake.close()
})

/** Runs the bundle as Lambda does, once per event in one process; says what it had loaded after each. */
async function run(events: readonly unknown[]): Promise<readonly string[]> {
  const script = `
    const loaded = () => Object.keys(require.cache).filter((file) => file.includes('client-')).length > 0
    const { handler } = require('./index.js')
    const context = { invokedFunctionArn: '${functionArn}', getRemainingTimeInMillis: () => 60000 }
    const all = async () => {
      console.log('SDK loaded: ' + loaded())
      for (const event of ${JSON.stringify(events)}) {
        await handler(event, context).catch((error) => console.log(error.message))
        console.log('SDK loaded: ' + loaded())
      }
    }
    all()`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, NODE_PATH: join(projectRoot, 'node_modules'), AWS_REGION: region },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: account.fake.endpoint },
    },
  })
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
}

it('the bundle loads what looks and writes for an event that may matter, and for no other', async () => {
  account.images.set('app', [])
  const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${registry}/app:1: not found`
  const exited = stoppedEvent({ id: 'a', stoppedReason: 'Essential container in task exited' })
  const failed = show(account, stoppedEvent({ id: 'b', stoppedReason: text }))
  const lines = await run([exited, { ...exited, account: '444455556666' }, failed, failed])
  expect(lines).toEqual([
    'SDK loaded: false',
    'SDK loaded: false',
    'event.account: expected the account of this function',
    'SDK loaded: false',
    'SDK loaded: true',
    'SDK loaded: true',
  ])
  expect(held(account)).toEqual([['FAILED', 'ACTIVE', '2026-03-01T11:00:00.000Z']])
})
