import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { published } from '../../../shared/sources/published/published.ts'
import {
  type Hub,
  hub,
  jsonKey,
  organizationKey,
  region,
  setMembers,
  settingsKey,
  sourceKey,
  startHub,
} from '../../lambdas/organization/scenario.ts'
import type { FakeS3 } from '../../support/fake-aws/s3.ts'
import { killing } from './fate.ts'
import { type FunctionProcesses, type Outcome, processesOf } from './process.ts'

const hour = 3_600_000
const keys = [organizationKey, jsonKey, settingsKey]
const before = 'rules:\n  ecr-repository-not-public:\n    severity: HIGH\n'
const after = 'rules:\n  ecr-repository-not-public:\n    severity: LOW\n'

let world: Hub
let processes: FunctionProcesses
beforeAll(async () => {
  world = await startHub()
  processes = await processesOf('lambdas/organization/handler.ts', {
    ...{ AWS_ENDPOINT_URL: world.aws.endpoint, AWS_ENDPOINT_URL_S3: world.s3.endpoint },
    ...{ PULLPATH_HUB_BUCKET: world.s3.bucket, PULLPATH_HUB_PREFIX: 'hub/' },
  })
})
afterAll(async () => {
  processes.close()
  await world.close()
})

/** What was published an hour ago. */
let publishedBefore: FakeS3['objects']
beforeAll(async () => {
  setMembers(world.organization, 3)
  world.s3.put(sourceKey, before)
  world.now = Date.now() - hour
  expect((await run()).how).toBe('done')
  publishedBefore = copied(world.s3.objects)
})

const copied = (objects: FakeS3['objects']) => new Map([...objects].map(([key, versions]) => [key, [...versions]]))

/** Since then there are more accounts and other settings. */
function changedHub(): void {
  const { objects, put } = world.s3
  objects.clear()
  for (const [key, versions] of copied(publishedBefore)) objects.set(key, versions)
  setMembers(world.organization, 5)
  put(sourceKey, after)
  world.now = Date.now()
}

/** Runs in a new process, which is killed when so many requests were served. Returns how many came in, too. */
async function run(killedAfter = Number.POSITIVE_INFINITY): Promise<Outcome & { readonly requests: number }> {
  const process = await processes.fresh()
  const fateOf = killing(process.kill, killedAfter)
  let requests = 0
  const next = () => {
    requests += 1
    return fateOf()
  }
  world.aws.state.plan = () => (next() === 'answered' ? undefined : { hang: true })
  world.s3.plan = (operation) => {
    const fate = next()
    if (fate === 'answered') return undefined
    return fate === 'unanswered' && operation === 'PutObject' ? { lost: true } : { hang: true }
  }
  const invokedFunctionArn = `arn:aws:lambda:${region}:${hub}:function:pullpath-organization`
  const outcome = await process.run({ event: {}, invokedFunctionArn, now: world.now, limit: 60_000 })
  process.kill()
  world.s3.plan = () => undefined
  return { ...outcome, requests }
}

/** The published files, without when they were read. */
const files = () => keys.map((key) => world.s3.text(key)?.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then'))

/** What a member that starts now takes: how many accounts, and which severity; `undefined` for what it has to do without. */
async function taken() {
  const reader = {
    ...{ accountId: '100000000001', region, readAt: new Date(Date.now() + 60_000).toISOString(), prefix: 'hub/' },
    ...{ client: world.s3.client(), bucket: { name: world.s3.bucket, ownerId: hub } },
  }
  const { items, gaps } = await published().organization(reader, 72)
  const settings = await published().settings(reader, (text) => void JSON.parse(text))
  const accounts = items.filter((item) => item.resourceType === 'AWS::Organizations::Account').length
  const { rules } = settings.state === 'known' ? JSON.parse(settings.value) : {}
  return [gaps.length === 0 ? accounts : undefined, rules?.['ecr-repository-not-public'].severity]
}

describe('P8 a process of the built function of the hub', () => {
  it('killed after any request leaves whole files, old or new, and the next attempt publishes the rest', async () => {
    changedHub()
    const old = { files: files(), taken: await taken() }
    const whole = await run()
    expect(whole.how).toBe('done')
    const next = { files: files(), taken: await taken() }
    expect([old.taken, next.taken]).toEqual([
      [4, 'HIGH'],
      [6, 'LOW'],
    ])
    expect(whole.requests).toBeGreaterThan(12)
    const stages = new Set<string>()
    changedHub()
    for (let n = 0; n <= whole.requests; n++) {
      expect([n, (await run(n)).how]).toEqual([n, 'killed'])
      const found = files()
      const isNew = found.map((text, index) => text === next.files[index])
      expect([n, ...found]).toEqual([n, ...isNew.map((one, index) => (one ? next : old).files[index])])
      expect([n, ...(await taken())]).toEqual([n, isNew[0] ? 6 : 4, isNew[1] ? 'LOW' : 'HIGH'])
      stages.add(isNew.map((one) => (one ? 'new' : 'old')).join(' '))
      // Where it has written nothing, the next that is killed is the next attempt.
      if (n < whole.requests && !isNew.includes(true)) continue
      expect([n, (await run()).how]).toEqual([n, 'done'])
      expect([n, files(), await taken()]).toEqual([n, next.files, next.taken])
      changedHub()
    }
    // First the organization, then the settings for functions, then the same for people.
    expect([...stages]).toEqual(['old old old', 'new old old', 'new new old', 'new new new'])
  }, 240_000)
})
