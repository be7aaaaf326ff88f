import { createHash } from 'node:crypto'
import { home, hub } from '../../lambdas/organization-report/estate.ts'
import { type Answer, type ReportHub, startReportHub } from '../../lambdas/organization-report/scenario.ts'
import type { ObjectVersion } from '../../support/fake-aws/s3.ts'
import { killing } from './fate.ts'
import { type FunctionProcess, type FunctionProcesses, type Outcome, processesOf } from './process.ts'

const latestKey = 'reports/latest.json'

/** All versions of the objects of a bucket. */
export type Objects = ReadonlyMap<string, readonly ObjectVersion[]>

/** What came of a task. */
export type Ended = Outcome & {
  /** Requests that came in. */
  readonly requests: number
  /** What the pointer showed at each of them, each once, in order. */
  readonly seen: readonly string[]
}

/** The function of the organization's report as processes, over the hub of its tests. AWS Config delivers into the hub's own bucket. */
export class Report {
  readonly world: ReportHub
  readonly #processes: FunctionProcesses

  private constructor(world: ReportHub, processes: FunctionProcesses) {
    this.world = world
    this.#processes = processes
  }

  /** Starts with the snapshots of `estate.ts`, or with an aggregator that is yet to be filled. */
  static async start(evidence: 'snapshots' | 'aggregator'): Promise<Report> {
    const world = await startReportHub()
    const { s3, aws, config } = world
    for (const [key, versions] of config.objects) s3.objects.set(`deliveries/${key}`, versions)
    world.variables = {
      ...{ PULLPATH_HUB_BUCKET: s3.bucket, PULLPATH_HUB_PREFIX: 'hub/', PULLPATH_AGGREGATOR: 'organization' },
      PULLPATH_CONFIG_BUCKET: evidence === 'snapshots' ? s3.bucket : '',
      PULLPATH_CONFIG_PREFIX: 'deliveries/',
    }
    const processes = await processesOf('lambdas/organization-report/handler.ts', {
      ...{ AWS_ENDPOINT_URL: aws.endpoint, AWS_ENDPOINT_URL_S3: s3.endpoint, ...world.variables },
    })
    return new Report(world, processes)
  }

  /** One that has served no task yet. */
  fresh(): Promise<FunctionProcess> {
    return this.#processes.fresh()
  }

  /** Runs a task in a new process, which is killed when so many requests were served. */
  async run(task: object, killedAfter = Number.POSITIVE_INFINITY): Promise<Ended> {
    const process = await this.fresh()
    const ended = await this.runIn(process, task, killedAfter)
    process.kill()
    return ended
  }

  /** Runs a task in that process, which lives on unless it is killed. */
  async runIn(process: FunctionProcess, task: object, killedAfter = Number.POSITIVE_INFINITY): Promise<Ended> {
    const { s3, aws, now } = this.world
    const fateOf = killing(process.kill, killedAfter)
    let requests = 0
    const seen = new Set<string>()
    const next = () => {
      requests += 1
      seen.add(this.shown())
      return fateOf()
    }
    const { plan } = s3
    s3.plan = (...call) => {
      const fate = next()
      if (fate === 'answered') return plan(...call)
      return fate === 'unanswered' ? { lost: true } : { hang: true }
    }
    aws.state.plan = () => (next() === 'answered' ? undefined : { hang: true })
    const invokedFunctionArn = `arn:aws:lambda:${home}:${hub}:function:pullpath-organization-report`
    const outcome = await process.run({ event: task, invokedFunctionArn, now, limit: 120_000 })
    s3.plan = plan
    return { ...outcome, requests, seen: [...seen] }
  }

  /** What whoever starts from the pointer finds: when that run started, or which of its files is not what the manifest says. */
  shown(): string {
    const { s3 } = this.world
    const pointer = s3.text(latestKey)
    if (pointer === undefined) return 'nothing'
    const { folder, startedAt, files }: Answer = JSON.parse(pointer)
    if (s3.text(`${folder}manifest.json`) !== pointer) return `${startedAt} with another manifest`
    const wrong = files.find(({ name, bytes, sha256 }: Answer) => {
      const body = s3.objects.get(`${folder}${name}`)?.at(-1)?.body
      return body === undefined || body.length !== bytes || createHash('sha256').update(body).digest('hex') !== sha256
    })
    return wrong === undefined ? startedAt : `${startedAt} with another ${wrong.name}`
  }

  /** How often the pointer was written. */
  pointed(): number {
    return this.world.s3.objects.get(latestKey)?.length ?? 0
  }

  /** The newest text of everything below `reports/`, by key. */
  texts(): ReadonlyMap<string, string | undefined> {
    const { s3 } = this.world
    const keys = [...s3.objects.keys()].filter((key) => key.startsWith('reports/'))
    return new Map(keys.sort().map((key) => [key, s3.text(key)]))
  }

  /** The bucket as it is. */
  kept(): Objects {
    return copied(this.world.s3.objects)
  }

  putBack(objects: Objects): void {
    const { s3 } = this.world
    s3.objects.clear()
    s3.uploads.clear()
    for (const [key, versions] of copied(objects)) s3.objects.set(key, versions)
  }

  async close(): Promise<void> {
    this.#processes.close()
    await this.world.close()
  }
}

function copied(objects: Objects): Map<string, ObjectVersion[]> {
  return new Map([...objects].map(([key, versions]) => [key, [...versions]]))
}
