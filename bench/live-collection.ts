import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Overlay, startOverlay } from '../test/moto/overlay.ts'
import { configQueryService, emptyConfig } from '../test/support/fake-aws/config-query.ts'
import { type CountingProxy, countingProxy } from './live-collection/counting-proxy.ts'
import { seed } from './live-collection/seed.ts'

const region = 'us-east-1'
const size = { repositories: 200, roles: 150, vpcs: 3, clusters: 4, services: 25, taskDefinitions: 40 }
/** The account of moto's default identity. */
const accountId = '123456789012'
const { values: options } = parseArgs({ options: { venvs: { type: 'string', default: '.venv' } } })
const root = join(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'pullpath-bench-'))

/** A tool that reads the account, as a user would start it. */
interface Subject {
  readonly name: string
  readonly command: readonly string[]
  /** The server it reads from: peers speak to moto itself, Pullpath to moto with the operations moto lacks. */
  readonly proxy: CountingProxy
}

interface Measured {
  readonly name: string
  readonly seconds: number
  readonly calls: ReadonlyMap<string, number>
}

/** Installs Python packages into a virtual environment of their own, once. */
function installed(name: string, requirement: string, executable: string): string {
  const folder = join(root, options.venvs, name)
  const path = join(folder, 'bin', executable)
  if (existsSync(path)) return path
  console.error(`installing ${requirement} …`)
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  execFileSync(join(folder, 'bin', 'pip'), ['install', '--quiet', requirement], { stdio: 'inherit' })
  return path
}

async function startMoto(): Promise<{ endpoint: string; stop: () => void }> {
  const executable = installed('moto', 'moto[server]>=5.2.1', 'moto_server')
  const port = await freePort()
  const child = spawn(executable, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const endpoint = `http://127.0.0.1:${port}`
  for (let attempt = 0; attempt < 150; attempt++) {
    const up = await fetch(`${endpoint}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return { endpoint, stop: () => child.kill() }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('moto did not answer within 30 seconds')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Runs a tool to its end. Findings make these tools end with codes other than 0: only a start that fails is an error. */
function run({ name, command: [executable = '', ...args], proxy }: Subject): Promise<Measured> {
  proxy.take()
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, {
      cwd: work,
      stdio: ['ignore', 'ignore', process.env.BENCH_DEBUG ? 'inherit' : 'ignore'],
      env: {
        ...{ PATH: process.env.PATH, HOME: work },
        ...{ AWS_ENDPOINT_URL: proxy.endpoint, AWS_DEFAULT_REGION: region, AWS_REGION: region },
        ...{ AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing', AWS_EC2_METADATA_DISABLED: 'true' },
      },
    })
    child.on('error', reject)
    child.on('exit', () => resolve({ name, seconds: (performance.now() - startedAt) / 1000, calls: proxy.take() }))
  })
}

const total = (calls: ReadonlyMap<string, number>) => [...calls.values()].reduce((sum, count) => sum + count, 0)

function print(rows: readonly Measured[]): void {
  const [ours] = rows
  if (ours === undefined) return
  console.log(['tool'.padEnd(34), 'calls'.padStart(7), 'seconds'.padStart(9), 'calls x', 'time x'].join('  '))
  for (const { name, seconds, calls } of rows) {
    const ratios = [total(calls) / total(ours.calls), seconds / ours.seconds].map((ratio) =>
      ratio.toFixed(1).padStart(7),
    )
    console.log(
      [name.padEnd(34), String(total(calls)).padStart(7), seconds.toFixed(1).padStart(9), ...ratios].join('  '),
    )
  }
  for (const { name, calls } of rows) {
    const most = [...calls].sort(([, a], [, b]) => b - a).slice(0, 8)
    console.log(`\n${name}: ${most.map(([operation, count]) => `${operation} ${count}`).join(', ')}`)
  }
}

/** Lets AWS Config know what Pullpath has just read live, as a recorder would. */
async function record(overlay: Overlay, collect: Subject): Promise<void> {
  await run(collect)
  const file = join(work, 'collected', accountId, `${region}.json`)
  const { configurationItems } = JSON.parse(readFileSync(file, 'utf8'))
  const config = emptyConfig()
  config.items.push(...configurationItems)
  overlay.world(accountId, region).state.services.set('config', configQueryService({ accountId, region }, config))
}

const prowler = installed('prowler', 'prowler', 'prowler')
const custodian = installed('c7n', 'c7n', 'custodian')
const moto = await startMoto()
const overlay = await startOverlay(moto.endpoint, 1000)
const toMoto = await countingProxy(moto.endpoint)
const toOverlay = await countingProxy(overlay.endpoint)
try {
  console.error('filling the account …')
  await seed(moto.endpoint, region, size)
  const ours = [process.execPath, join(root, 'dist/pullpath.mjs')]
  const live = ['--region', region, '--quiet']
  const services = ['ecr', 'vpc', 'ecs', 'eks']
  const audit = [...ours, 'audit', '--live', ...live, '--format', 'json']
  const collect = { name: 'collect', command: [...ours, 'collect', ...live, '--output', 'collected'], proxy: toOverlay }
  const rows: Measured[] = []
  rows.push(await run({ name: 'pullpath, no AWS Config recorder', command: audit, proxy: toOverlay }))
  await record(overlay, collect)
  rows.unshift(await run({ name: 'pullpath, AWS Config recording', command: audit, proxy: toOverlay }))
  rows.push(
    await run({
      name: `prowler (${services.join(', ')})`,
      command: [prowler, 'aws', '--service', ...services, '--region', region, '--output-formats', 'csv', '--no-banner'],
      proxy: toMoto,
    }),
    await run({
      name: 'cloud custodian (10 policies)',
      command: [
        ...[custodian, 'run', '--region', region, '--cache-period', '0', '--output-dir', 'c7n'],
        join(root, 'bench/live-collection/policies.yml'),
      ],
      proxy: toMoto,
    }),
  )
  print(rows)
} finally {
  toMoto.close()
  toOverlay.close()
  await overlay.close()
  moto.stop()
  rmSync(work, { recursive: true, force: true })
}
