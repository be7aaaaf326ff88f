import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { lostFiles } from '../../cli/collected-files.ts'
import { readInputFiles } from '../../cli/input-files.ts'

const accountId = '111122223333'
const roots: string[] = []
let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pullpath-lost-'))
  roots.push(root)
  await mkdir(join(root, accountId))
  for (const region of ['eu-central-1', 'us-east-1']) await writeFile(join(root, `${accountId}/${region}.json`), file())
  await writeFile(join(root, 'coverage.json'), file({ scopes: ['eu-central-1', 'us-east-1'].map(scope), coverage: [] }))
})
afterAll(() => Promise.all(roots.map((one) => rm(one, { recursive: true, force: true }))))

function file(pullpath: object = { coverage: [] }): string {
  return JSON.stringify({ fileVersion: '1.0', configSnapshotId: 'x', pullpath, configurationItems: [] })
}

function scope(region: string) {
  return { accountId, region, file: `${accountId}/${region}.json`, items: 0, known: 0, unknown: 0, calls: 1 }
}

const problem = () => ({
  file: join(root, accountId, 'us-east-1.json'),
  reason: 'collect wrote this file, and it is gone',
  accountId,
  region: 'us-east-1',
})

describe('a file of a collection that is gone', () => {
  test('is named with its account and region', async () => {
    await rm(join(root, accountId, 'us-east-1.json'))
    expect(await lostFiles([root])).toEqual([problem()])
  })

  test('is named in each of several collections in one directory', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'pullpath-lost-'))
    roots.push(parent)
    await rm(join(root, accountId, 'us-east-1.json'))
    await rename(root, join(parent, 'today'))
    expect((await lostFiles([parent])).map(({ file }) => file)).toEqual([
      join(parent, 'today', accountId, 'us-east-1.json'),
    ])
  })

  test('is a problem and a gap of what is read', async () => {
    await rm(join(root, accountId, 'us-east-1.json'))
    const files = await readInputFiles([root], new Set(), true)
    expect(files.problems).toEqual([problem()])
    const { file, reason } = problem()
    expect(files.gaps).toEqual([{ accountId, region: 'us-east-1', reason: `${file}: ${reason}` }])
  })

  test('is not gone when it was packed', async () => {
    await rename(join(root, accountId, 'us-east-1.json'), join(root, accountId, 'us-east-1.json.gz'))
    expect(await lostFiles([root])).toEqual([])
  })

  test('is nothing anybody else says', async () => {
    await writeFile(join(root, 'coverage.json'), '{"total": {"lines": 80}}')
    expect(await lostFiles([root, join(root, 'coverage.json'), join(root, 'nowhere')])).toEqual([])
  })
})
