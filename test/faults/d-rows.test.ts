import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildInventory } from '../../shared/inventory/build.ts'
import { readSnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { accountIds, estateOf, policy } from '../support/fake-estate/estate.ts'
import { startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import { audited, usualRules } from './audited.ts'
import { readBarely } from './bare-reading.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-d-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const type = 'AWS::ECR::Repository'
const [account = '', other = ''] = accountIds(2)
const closed = policy({ Effect: 'Deny', Principal: '*', Action: 'ecr:*' })
const open = policy({ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' })

function item(accountId: string, name: string, text: string, more: object = {}): object {
  const arn = `arn:aws:ecr:eu-central-1:${accountId}:repository/${name}`
  return {
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
    configurationItemStatus: 'OK',
    awsAccountId: accountId,
    awsRegion: 'eu-central-1',
    resourceType: type,
    resourceId: name,
    resourceName: name,
    ARN: arn,
    configuration: { Arn: arn, RepositoryName: name, RepositoryPolicyText: text },
    supplementaryConfiguration: {},
    tags: {},
    ...more,
  }
}

const snapshotOf = (...items: readonly object[]) =>
  JSON.stringify({ fileVersion: '1.0', configSnapshotId: 'x', configurationItems: items })
const put = async (name: string, content: string | Buffer) => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}
const read = (...paths: readonly string[]) => readSnapshotFiles(paths, { wantedTypes: new Set([type]) })

describe('D3 a large estate in little memory', () => {
  it('D3 a million items, most of types nobody asked for, are read with 256 MB', async () => {
    const outcome = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const script = 'test/faults/read-a-million.ts'
      const more = { maxBuffer: 2 ** 24, timeout: 240_000 }
      execFile(process.execPath, ['--max-old-space-size=256', script, folder], more, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr })
      })
    })
    expect(outcome.stderr).toBe('')
    expect(JSON.parse(outcome.stdout)).toEqual({ items: 1_000_000, kept: 1_000, problems: [] })
    expect(outcome.code).toBe(0)
  }, 300_000)
})

describe('D6 files that are not as they should be', () => {
  const good = () => put('good.json', snapshotOf(item(other, 'good', open)))
  it.each([
    ['is cut off', () => put('cut.json', snapshotOf(item(account, 'a', closed)).slice(0, -40))],
    [
      'is cut off inside a gzip',
      () => put('cut.json.gz', gzipSync(snapshotOf(item(account, 'a', closed))).subarray(0, 90)),
    ],
    [
      'is a gzip with a wrong byte',
      () => put('spoilt.json.gz', spoilt(gzipSync(snapshotOf(item(account, 'a', closed))))),
    ],
    ['is a bomb', () => put('bomb.json.gz', gzipSync(`{"configurationItems":[${' '.repeat(64 * 2 ** 20)}]}`))],
    ['is empty', () => put('empty.json', '')],
    ['is HTML', () => put('page.json', '<html></html>')],
    ['nests without end', () => put('deep.json', `{"configurationItems":[{"a":${'['.repeat(200_000)}`)],
  ])('D6 a file that %s is named, and the others are read', async (_name, make) => {
    const bad = await make()
    const files = await read(bad, await good())
    expect(files.items.map(({ resourceId }) => resourceId)).toEqual(['good'])
    expect(files.problems.map(({ file }) => file)).toEqual([bad])
    expect(files.filesRead).toBe(1)
  })
  it('D6 of two snapshots of one account the newer word about each resource counts, whatever the order', async () => {
    const old = await put('old.json', snapshotOf(item(account, 'a', open), item(account, 'b', open)))
    const later = { configurationItemCaptureTime: '2026-02-01T00:00:00.000Z' }
    const recent = await put('recent.json', snapshotOf(item(account, 'a', closed, later)))
    for (const paths of [
      [old, recent],
      [recent, old],
    ]) {
      const inventory = buildInventory({ ...(await read(...paths)), types: [type], assumeRecorded: true })
      const texts = inventory.repositories.map(({ name, policy }) => [
        name,
        policy.state === 'known' && policy.value.text,
      ])
      expect(texts).toEqual([
        ['a', closed],
        ['b', open],
      ])
    }
  })
  it('D6 both versions of the format may be mixed', async () => {
    const { ARN, awsAccountId, configurationItemVersion, ...rest } = item(account, 'new', closed) as Record<
      string,
      unknown
    >
    const spelled = { ...rest, arn: ARN, accountId: awsAccountId, version: configurationItemVersion }
    const files = await read(await put('mixed.json', snapshotOf(item(account, 'old', open), spelled)))
    expect(files.problems).toEqual([])
    expect(files.items.map(({ resourceId, accountId }) => [resourceId, accountId])).toEqual([
      ['old', account],
      ['new', account],
    ])
  })
})

function spoilt(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const at = Math.floor(copy.length / 2)
  copy.writeUInt8((copy.readUInt8(at) ^ 0xff) & 0xff, at)
  return copy
}

describe('D7 a rule with a bug', () => {
  it('D7 the resource it breaks on is undetermined, and everything else is judged as ever', async () => {
    const estate = await startFakeEstate(estateOf({ accounts: 1, regions: ['eu-central-1'] }))
    try {
      const reading = await readBarely(estate)
      const usual = audited(reading)
      const broken = 'ecr-repository-not-public'
      let judged = 0
      const rules = usualRules.map((rule) => {
        if (rule.id !== broken) return rule
        const evaluate: typeof rule.evaluate = (resource, context) => {
          judged++
          if (judged === 2) throw new TypeError("Cannot read properties of undefined (reading 'map')")
          return rule.evaluate(resource, context)
        }
        return { ...rule, evaluate }
      })
      const after = audited(reading, [], rules)
      expect(judged).toBe(3)
      const changed = after.findings.filter((one) => JSON.stringify(one) !== JSON.stringify(usual.byId.get(one.id)))
      const unmarked = (reason: string) => reason.replace(/stack [0-9a-f]{8}\)$/, 'stack MARK)')
      expect(changed.map(({ rule, compliance, reason }) => [rule, compliance, unmarked(reason)])).toEqual([
        [
          broken,
          'UNDETERMINED',
          `Cannot be decided: rule ${broken} failed on this resource (TypeError: Cannot read properties of undefined (reading 'map'); stack MARK)`,
        ],
      ])
      expect(after.findings.length).toBe(usual.findings.length)
    } finally {
      await estate.close()
    }
  })
})
