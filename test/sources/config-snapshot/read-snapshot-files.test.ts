import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildInventory } from '../../../shared/inventory/build.ts'
import { readSnapshotFiles } from '../../../shared/sources/config-snapshot/read-snapshot-files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapshot-'))
})
afterEach(() => rm(folder, { recursive: true }))

const ecr = 'AWS::ECR::Repository'
const wantedTypes = new Set([ecr])

function raw(over: object = {}) {
  return {
    awsAccountId: '111122223333',
    awsRegion: 'eu-west-1',
    resourceType: ecr,
    resourceId: 'app',
    configurationItemStatus: 'OK',
    configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
    configuration: { RepositoryName: 'app' },
    ...over,
  }
}

function envelope(items: readonly unknown[], more: object = {}): string {
  return JSON.stringify({ fileVersion: '1.0', configurationItems: items, ...more })
}

async function put(path: string, content: string | Buffer): Promise<string> {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  return file
}

const read = (...paths: string[]) => readSnapshotFiles(paths, { wantedTypes })

describe('reading snapshot files', () => {
  it('merges plain and gzip files of a directory tree and ignores what else lies in a Config bucket', async () => {
    await put('AWSLogs/a.json', envelope([raw()]))
    await put('AWSLogs/deep/er/b.json.gz', gzipSync(envelope([raw({ awsAccountId: '444455556666' })])))
    await put('AWSLogs/ConfigWritabilityCheckFile', '')
    await put('AWSLogs/notes.txt', 'no')
    await put('AWSLogs/OversizedChangeNotification/x.json', '{}')
    const snapshot = await read(folder)
    expect(snapshot.problems).toEqual([])
    expect(snapshot.filesRead).toBe(2)
    expect(snapshot.items.map((item) => item.arn)).toEqual([
      'arn:aws:ecr:eu-west-1:111122223333:repository/app',
      'arn:aws:ecr:eu-west-1:444455556666:repository/app',
    ])
  })

  it('survives links that lead in circles', async () => {
    await put('a.json', envelope([raw()]))
    await symlink(folder, join(folder, 'again'))
    await symlink(join(folder, 'self'), join(folder, 'self'))
    const snapshot = await read(folder)
    expect(snapshot.filesRead).toBe(1)
    expect(snapshot.problems).toEqual([{ file: join(folder, 'self'), reason: 'a link that leads to itself' }])
  })

  it('refuses a missing path by name', async () => {
    const path = join(folder, 'gone')
    await expect(read(path)).rejects.toThrow(
      `${path}: no such file or directory; expected an AWS Config file or a directory of them`,
    )
    await expect(read(path)).rejects.toHaveProperty('name', 'InputError')
  })

  it('skips unwanted items and notes their scope, counting IAM as global', async () => {
    await put(
      'a.json',
      envelope([
        raw({ resourceType: 'AWS::EC2::VPC' }),
        raw({ resourceType: 'AWS::IAM::Role', awsRegion: 'us-east-1' }),
      ]),
    )
    const snapshot = await read(folder)
    expect(snapshot.items).toEqual([])
    expect(snapshot.scopesSeen).toEqual([
      { accountId: '111122223333', region: 'eu-west-1', recordedByConfig: true },
      { accountId: '111122223333', region: 'global', recordedByConfig: true },
    ])
  })

  it('drops everything of a truncated file, keeps the good one, and takes the scope from the bucket path', async () => {
    const whole = gzipSync(envelope([raw({ awsAccountId: '444455556666' })]))
    const bad = await put(
      'AWSLogs/444455556666/Config/us-east-1/2026/1/1/ConfigSnapshot/b.json.gz',
      whole.subarray(0, -12),
    )
    await put('a.json', envelope([raw()]))
    const snapshot = await read(folder)
    expect(snapshot.items.map((item) => item.accountId)).toEqual(['111122223333'])
    expect(snapshot.problems).toEqual([
      { file: bad, reason: 'broken or truncated gzip', accountId: '444455556666', region: 'us-east-1' },
    ])
    const inventory = buildInventory({ ...snapshot, types: [ecr], assumeRecorded: true })
    expect(inventory.coverage).toEqual([
      { accountId: '111122223333', region: 'eu-west-1', resourceType: ecr, status: 'known' },
      {
        accountId: '444455556666',
        region: 'us-east-1',
        resourceType: ecr,
        status: 'unknown',
        reason: `${bad}: broken or truncated gzip`,
      },
    ])
  })

  it('takes the type of a bad history file from its name', async () => {
    const name =
      '444455556666_Config_us-east-1_ConfigHistory_AWS::ECR::Repository_20260101T000000Z_20260101T060000Z_1.json'
    await put(`AWSLogs/444455556666/Config/us-east-1/2026/1/1/ConfigHistory/${name}`, '{')
    expect((await read(folder)).gaps).toMatchObject([
      { accountId: '444455556666', region: 'us-east-1', resourceType: ecr },
    ])
  })

  it('names a bad item, keeps the others and makes the type unknown in its scope', async () => {
    const file = await put('a.json', envelope([raw(), raw({ resourceId: 'bad', configurationItemStatus: 'Strange' })]))
    const snapshot = await read(file)
    expect(snapshot.items).toHaveLength(1)
    const reason =
      'configurationItems[1]: configurationItemStatus: expected OK, ResourceDiscovered or one of the deleted statuses'
    expect(snapshot.problems).toEqual([
      { file, reason, accountId: '111122223333', region: 'eu-west-1', resourceType: ecr },
    ])
    const inventory = buildInventory({ ...snapshot, types: [ecr], assumeRecorded: true })
    expect(inventory.listing(ecr, { accountId: '111122223333', region: 'eu-west-1' })).toEqual({
      state: 'unknown',
      reason: `${file}: ${reason}`,
      transience: 'lasting',
    })
    expect(inventory.repositories).toHaveLength(1)
  })

  it('stops a gzip bomb at the ratio and at the output cap', async () => {
    const file = await put('bomb.json.gz', gzipSync(`{"configurationItems":[${' '.repeat(40 * 2 ** 20)}]}`))
    expect((await read(file)).problems).toEqual([{ file, reason: 'gzip: unpacks to more than 250 times its size' }])
    const capped = await readSnapshotFiles([file], { wantedTypes, limits: { outputBytes: 1000 } })
    expect(capped.problems).toEqual([{ file, reason: 'gzip: unpacks to more than 1000 bytes' }])
  })

  it('reads the coverage rows of a file and takes its silence for not looked at', async () => {
    const coverage = [
      { accountId: '111122223333', region: 'eu-west-1', resourceType: 'AWS::ECR::RegistryPolicy', status: 'known' },
    ]
    const file = await put('a.json', envelope([raw()], { pullpath: { version: '1', coverage } }))
    const snapshot = await read(file)
    expect(snapshot.coverage).toEqual(coverage)
    expect(snapshot.scopesSeen).toEqual([{ accountId: '111122223333', region: 'eu-west-1', recordedByConfig: false }])
  })

  it('refuses a bad coverage row by field', async () => {
    const coverage = [{ accountId: '111122223333', region: 'eu-west-1', resourceType: 'X', status: 'yes' }]
    const file = await put('a.json', envelope([], { pullpath: { coverage } }))
    expect((await read(file)).problems).toEqual([
      { file, reason: 'pullpath.coverage[0].status: expected "known" or "unknown"' },
    ])
  })

  it('always reads recorders and organizations, and reports progress', async () => {
    const types = ['AWS::Config::ConfigurationRecorder', 'AWS::Organizations::Account', 'AWS::EC2::VPC']
    const file = await put('a.json', envelope(types.map((resourceType) => raw({ resourceType }))))
    const seen: number[] = []
    const snapshot = await readSnapshotFiles([file], {
      wantedTypes: new Set(),
      onProgress: ({ items }) => seen.push(items),
    })
    expect(snapshot.items.map((item) => item.resourceType)).toEqual(types.slice(0, 2))
    expect(seen).toEqual([3])
  })
})
