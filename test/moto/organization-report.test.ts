import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditSnapshot, typesToRead } from '../../cli/audit/audit-snapshot.ts'
import { bundleLambda } from '../../infra/bundle.ts'
import { organizationReport, reportStateMachine } from '../../infra/derive/report-state-machine.ts'
import { inlineCode } from '../../infra/inline-code.ts'
import { blindSpot } from '../../lambdas/organization-report/audit-shard.ts'
import { selectRules } from '../../shared/engine/plan.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { reportSchema } from '../../shared/sinks/report/report-schema.ts'
import { defaultInflateLimits, unpackedBytes } from '../../shared/sources/config-snapshot/file-bytes.ts'
import { readSnapshotStreams } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { heartbeatKey } from '../../shared/sources/published/names.ts'
import {
  app,
  away,
  empty,
  home,
  hub,
  organizationText,
  recorded,
  shared,
  snapshotKey,
  snapshotOf,
} from '../lambdas/organization-report/estate.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { type LambdaFront, startLambdaFront } from './lambda-front.ts'
import { type Moto, startMoto } from './moto-server.ts'
import { asMotoReads, type Execution, stepFunctions } from './step-functions.ts'

/** The account of moto's interpreter. */
const functionArn = `arn:aws:lambda:${home}:${hub}:function:${organizationReport.functionName}`
const bucket = 'hub-bucket'
const configBucket = 'config-bucket'
const definition = reportStateMachine({ partition: 'aws', functionArn, bucket, reportPrefix: 'reports/' })
const minute = 60_000

let front: LambdaFront
let moto: Moto
let aggregator: FakeAws
let s3: S3Client
let machines: ReturnType<typeof stepFunctions>
let execution: Execution
let machine: string
const takenAt = new Date(Date.now() - 120 * minute).toISOString().replace(/\.\d+/, '.000')

const put = (Bucket: string, Key: string, Body: string | Buffer) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))
const text = async (Key: string) =>
  (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString() ?? ''

beforeAll(async () => {
  front = await startLambdaFront()
  moto = await startMoto({ MOTO_PORT: String(front.port) })
  front.forwardTo(moto.endpoint)
  aggregator = await startFakeAws(hub, home)
  await fetch(`${moto.endpoint}/moto-api/config`, {
    method: 'POST',
    body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
  })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  s3 = new S3Client({ region: home, endpoint: moto.endpoint, credentials, forcePathStyle: true })
  for (const Bucket of [bucket, configBucket]) {
    const CreateBucketConfiguration = { LocationConstraint: home }
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration } as never))
  }
  await put(bucket, 'published/organization.json', organizationText(new Date(Date.now() - 30 * minute).toISOString()))
  for (const area of ['ecr', 'role', 'vpc', 'image'])
    await put(bucket, `published/${heartbeatKey(app, home, area)}`, '{}')
  for (const [place, items] of recorded()) await put(configBucket, snapshotKey(place, takenAt), snapshotOf(items))
  const code = inlineCode(organizationReport.functionName, await bundleLambda(organizationReport.entry))
  front.load(code, functionArn, {
    ...{ AWS_REGION: home, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ AWS_ENDPOINT_URL_S3: front.endpoint, AWS_ENDPOINT_URL_CONFIG_SERVICE: aggregator.endpoint },
    ...{ PULLPATH_HUB_BUCKET: bucket, PULLPATH_HUB_PREFIX: 'published/', PULLPATH_AGGREGATOR: 'organization' },
    ...{ PULLPATH_CONFIG_BUCKET: configBucket },
  })
  machines = stepFunctions(moto.endpoint, home)
  machine = await machines.create(organizationReport.stateMachineName, definition)
  breakSomeTasks()
  execution = await machines.run(machine, 'first')
})
afterAll(async () => {
  moto?.stop()
  await Promise.all([front?.close(), aggregator?.close()])
})

/** One task cannot write its result, one takes too long, and the first call of a third finds no room. */
function breakSomeTasks(): void {
  const refused = `shards/${hub}-${away}.json`
  const denied = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>'
  front.onCall = (method, path) =>
    method === 'PUT' && path.split('?')[0]!.endsWith(refused)
      ? { status: 403, headers: { 'content-type': 'application/xml' }, body: denied }
      : undefined
  const timedOut = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 900.00 seconds' }
  const seen = new Set<string>()
  front.onInvoke = ({ shard }) => {
    if (shard === undefined) return undefined
    const place = `${shard.accountId} ${shard.region}`
    if (place === `${shared} ${away}`) {
      return { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify(timedOut) }
    }
    if (place !== `${app} ${away}` || seen.has(place)) return undefined
    seen.add(place)
    const headers = { 'x-amzn-errortype': 'TooManyRequestsException', 'x-amzn-requestid': '1' }
    return { status: 429, headers, body: JSON.stringify({ Type: 'User', message: 'Rate Exceeded.' }) }
  }
}

it('what moto is given is the definition, word for word', () => {
  expect(asMotoReads(definition)).toContain('"ToleratedFailurePercentage":100.0,')
  expect(JSON.parse(asMotoReads(definition))).toEqual(definition)
})

describe('the state machine, interpreted by moto with the code of the template', () => {
  it('comes to its end although tasks of the map fail, and says how many', () => {
    expect([execution.status, execution.error, execution.cause]).toEqual(['SUCCEEDED', undefined, undefined])
    expect(JSON.parse(execution.output ?? '{}')).toEqual({
      ...{ run: expect.stringMatching(/^\d{8}T\d{6}Z-[0-9a-f]{12}$/), pointer: 'published' },
      ...{ places: 8, covered: 4, failed: 2, heartbeatsMissing: 5 },
    })
  })

  it('invokes the function for the plan, for each account and region, and last for the whole', () => {
    expect(front.events.map(({ task }) => task)).toEqual([
      'plan',
      ...Array.from({ length: 9 }, () => 'shard'),
      'reduce',
    ])
    const places = front.events.flatMap(({ shard }) => (shard ? [`${shard.accountId} ${shard.region}`] : []))
    const each = [app, shared, empty, hub].flatMap((account) => [`${account} ${away}`, `${account} ${home}`])
    expect(new Set(places)).toEqual(new Set(each))
    // The one that found no room came again.
    expect(places.filter((place) => place === `${app} ${away}`)).toHaveLength(2)
  })

  it('asks AWS Config nothing where there is a bucket of its', () => {
    expect(aggregator.calls).toEqual([])
  })

  it('reports the tasks that failed as not covered', async () => {
    const { folder } = JSON.parse(await text('reports/latest.json'))
    const report = reportSchema.parse(JSON.parse(await text(`${folder}report.json`)))
    const failed = report.coverage.filter(({ reason }) => reason?.startsWith('the task failed'))
    expect(
      failed.map(({ accountId, region, resourceType, status }) => [accountId, region, resourceType, status]),
    ).toEqual([
      [shared, away, '*', 'unknown'],
      [hub, away, '*', 'unknown'],
    ])
  })

  it('gives the verdicts of the command line on the same snapshots', async () => {
    const { folder, startedAt } = JSON.parse(await text('reports/latest.json'))
    const judged = [...recorded()].filter(([place]) => ![`${shared} ${away}`, `${hub} ${away}`].includes(place))
    const found = []
    for (const [place] of judged) {
      const key = `${folder}accounts/${place.replace(' ', '-')}.json`
      found.push(...reportSchema.parse(JSON.parse(await text(key))).findings)
    }
    const withoutBlindSpot = found.map((one) => ({
      ...one,
      assumptions: one.assumptions.filter((text) => text !== blindSpot),
    }))
    const question = {
      ...{ rules: selectRules(catalogue, defaultSettings), settings: defaultSettings, now: new Date(startedAt) },
      ...{ isJudged: () => true, isReported: () => true, missing: () => [], failOn: 'low' as const },
    }
    const files = [
      ...judged.map(([place, items]) => [snapshotKey(place, takenAt), snapshotOf(items)] as const),
      ['organization.json', Buffer.from(organizationText(takenAt))] as const,
    ]
    const streams = files.map(([file, body]) => ({
      file,
      bytes: () => unpackedBytes(inPieces(body), defaultInflateLimits),
    }))
    const snapshot = await readSnapshotStreams(streams, { wantedTypes: typesToRead(question) })
    const expected = auditSnapshot(snapshot, question).report.findings.map(
      ({ observedAt: _, transience: __, ...rest }) => JSON.parse(JSON.stringify(rest)),
    )
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
    expect(withoutBlindSpot.toSorted(byId)).toEqual(expected.toSorted(byId))
    expect(expected.length).toBeGreaterThan(60)
  })

  it('ends with the cause when there is no plan, and leaves the report before', async () => {
    const before = await text('reports/latest.json')
    await put(bucket, 'published/organization.json', '{"fileVersion":"1.0"')
    const failed = await machines.run(machine, 'second')
    expect([failed.status, failed.error]).toEqual(['FAILED', 'ReportProblem'])
    expect(JSON.parse(failed.cause ?? '{}').errorMessage).toBe('published/organization.json: the file: expected JSON')
    expect(await text('reports/latest.json')).toBe(before)
  })
})

async function* inPieces(body: Buffer): AsyncGenerator<Buffer> {
  yield body
}
