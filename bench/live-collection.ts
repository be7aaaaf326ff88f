import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CountingProxy, countingProxy } from './live-collection/counting-proxy.ts'
import { seed } from './live-collection/seed.ts'

const region = 'us-east-1'
const size = { repositories: 200, roles: 150, vpcs: 3, clusters: 4, services: 25, taskDefinitions: 40 }
const { values: options } = parseArgs({
  options: { venvs: { type: 'string', default: '.venv' }, runs: { type: 'string', default: '1' } },
})
const root = join(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'pullpath-bench-'))

/** A tool that reads the account, as a user would start it. */
interface Subject {
  readonly name: string
  readonly command: readonly string[]
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
function run({ name, command: [executable = '', ...args] }: Subject, proxy: CountingProxy): Promise<Measured> {
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

const prowler = installed('prowler', 'prowler', 'prowler')
const custodian = installed('c7n', 'c7n', 'custodian')
const moto = await startMoto()
const proxy = await countingProxy(moto.endpoint)
try {
  console.error('filling the account …')
  await seed(moto.endpoint, region, size)
  const ours = join(root, 'dist/pullpath.mjs')
  const services = ['ecr', 'vpc', 'ecs', 'eks']
  const subjects: readonly Subject[] = [
    {
      name: 'pullpath audit --live',
      command: [process.execPath, ours, 'audit', '--live', '--region', region, '--format', 'json', '--quiet'],
    },
    {
      name: `prowler (${services.join(', ')})`,
      command: [prowler, 'aws', '--service', ...services, '--region', region, '--output-formats', 'csv', '--no-banner'],
    },
    {
      name: 'cloud custodian (10 policies)',
      command: [
        ...[custodian, 'run', '--region', region, '--cache-period', '0', '--output-dir', join(work, 'c7n')],
        join(root, 'bench/live-collection/policies.yml'),
      ],
    },
  ]
  for (let round = 0; round < Number(options.runs); round++) {
    const rows: Measured[] = []
    for (const subject of subjects) rows.push(await run(subject, proxy))
    print(rows)
  }
} finally {
  proxy.close()
  moto.stop()
  rmSync(work, { recursive: true, force: true })
}
