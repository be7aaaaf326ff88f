/**
 * What the deployed functions weigh and take: sizes of the bundles, cold start over bare Node, and our own time per change event.
 * `node bench/functions.ts [runs]`; runs of a cold start, 10 unless told.
 */
import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { bundleLambda, lambdaEntries, projectRoot } from '../infra/bundle.ts'
import { limits } from '../infra/config.ts'
import { inlineCode } from '../infra/inline-code.ts'
import { timeChanges } from './functions/time-changes.ts'

const aims = { bundleBytes: 120_000, coldStart: 40, changeEvent: 5 } as const
const runs = Number(process.argv[2] ?? 10)

/** Handler files: one function each. */
function entries(): readonly string[] {
  const found = globSync('lambdas/*/*handler.ts', { cwd: projectRoot })
  return found.filter((file) => !file.endsWith('create-handler.ts')).sort()
}

/** Loads a file as the runtime does and prints milliseconds and CPU milliseconds; `bare` puts nothing where the SDK would be. */
const loader = `
  const Module = require('node:module')
  const [, file, sdk] = process.argv
  const load = Module.prototype.require
  if (sdk === 'bare') Module.prototype.require = function (id) {
    return /^@(aws-sdk|smithy)\\//.test(id) ? {} : load.apply(this, arguments)
  }
  const cpu = process.cpuUsage()
  const start = performance.now()
  require(file)
  const took = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  console.log(JSON.stringify([took, (user + system) / 1000]))`

interface Cold {
  /** Median milliseconds. */
  readonly took: number
  readonly cpu: number
}

function coldStart(file: string, sdk: 'bare' | 'real'): readonly [number, number] {
  const environment = {
    PATH: process.env.PATH,
    NODE_PATH: join(projectRoot, 'node_modules'),
    AWS_REGION: 'eu-central-1',
  }
  const text = execFileSync(process.execPath, ['-e', loader, file, sdk], { env: environment }).toString()
  return JSON.parse(text)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function bareNode(): number {
  const start = performance.now()
  execFileSync(process.execPath, ['-e', ''])
  return performance.now() - start
}

/** The files take turns: what slows the machine down for a while slows all of them. */
function coldStarts(files: readonly string[]): {
  readonly node: number
  readonly of: readonly (readonly [Cold, Cold])[]
} {
  const node: number[] = []
  const taken = files.map(() => ({
    bare: [] as (readonly [number, number])[],
    real: [] as (readonly [number, number])[],
  }))
  for (let run = 0; run < runs; run++) {
    node.push(bareNode())
    for (const [index, file] of files.entries()) {
      taken[index]?.bare.push(coldStart(file, 'bare'))
      taken[index]?.real.push(coldStart(file, 'real'))
    }
  }
  const cold = (times: readonly (readonly [number, number])[]): Cold => ({
    took: median(times.map(([took]) => took)),
    cpu: median(times.map(([, cpu]) => cpu)),
  })
  return { node: median(node), of: taken.map(({ bare, real }) => [cold(bare), cold(real)]) }
}

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} KB`
const against = (value: number, aim: number) => `${(value / aim).toFixed(2)} of the aim`
const milliseconds = (value: number) => `${value.toFixed(1)} ms`

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pullpath-bench-'))
  const built = []
  for (const entry of entries()) {
    const bundle = await bundleLambda(entry).catch((error: Error) => console.log(`${entry}: ${error.message}`))
    if (typeof bundle !== 'string') continue
    const name = entry.replace('lambdas/', '').replace(/\/?-?handler\.ts$/, '')
    const inline = inlineCode(name, bundle)
    const file = join(folder, `${built.length}.js`)
    writeFileSync(file, inline)
    built.push({ name, entry, bundle, inline, file })
  }
  const { node, of } = coldStarts(built.map(({ file }) => file))
  rmSync(folder, { recursive: true })
  console.log(`cold starts: median of ${runs}; a bare node takes ${milliseconds(node)} from start to end`)
  for (const [index, { name, bundle, inline }] of built.entries()) {
    const [own, real] = of[index] ?? []
    if (own === undefined || real === undefined) continue
    const compressed = brotliCompressSync(bundle).length
    console.log(`\n${name}`)
    console.log(`  minified ${kilobytes(bundle.length)}, ${against(bundle.length, aims.bundleBytes)}`)
    console.log(`  Brotli ${kilobytes(compressed)}; in the template ${kilobytes(Buffer.byteLength(inline))}`)
    console.log(
      `  import ${milliseconds(own.took)} (${milliseconds(own.cpu)} CPU), ${against(own.took, aims.coldStart)}, ${(own.took / node).toFixed(2)} of a bare node`,
    )
    console.log(`  import with the SDK ${milliseconds(real.took)}, ${(real.took / own.took).toFixed(1)} times that`)
  }
  const ofMembers = new Set(Object.values(lambdaEntries))
  const members = built.filter(({ entry }) => ofMembers.has(entry))
  const whole = members.reduce((sum, { inline }) => sum + Buffer.byteLength(inline), 0)
  console.log(
    `\nthe ${members.length} functions of the member template: ${kilobytes(whole)}, ${(whole / limits.templateBytes).toFixed(2)} of its 1 MB`,
  )
  const { warm, handed, answers, parsing } = await timeChanges()
  console.log(`\na change of a repository, warm: ${warm.toFixed(2)} ms CPU, ${against(warm, aims.changeEvent)}`)
  console.log(
    `  of them the fake's answers ${answers.toFixed(2)} ms; ${(warm / parsing).toFixed(0)} times JSON.parse of the event`,
  )
  console.log(`  handed on by resource-change instead: ${handed.toFixed(2)} ms, ${against(handed, aims.changeEvent)}`)
}

await main()
