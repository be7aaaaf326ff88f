import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ScopeReading } from '../../../cli/collect/collect-estate.ts'
import { OutputDirectory, type OutputOptions } from '../../../cli/collect/output-directory.ts'
import { unreadTagsMark } from '../../../shared/inventory/unread-tags.ts'
import { covered, rawItem } from '../../../shared/sources/reading.ts'

const accountId = '111122223333'
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pullpath-output-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

function scope(region: string, names: readonly string[] = ['app'], complete = true): ScopeReading {
  const reader = { accountId, region, readAt: '2026-03-01T12:00:00.000Z' }
  const type = 'AWS::ECR::Repository'
  const items = names.map((name) =>
    rawItem(reader, type, { id: name, arn: `arn:aws:ecr:${region}:${accountId}:repository/${name}` }, {}),
  )
  const denied = { reason: 'denied', transience: 'lasting' } as const
  return {
    accountId,
    region,
    calls: 3,
    reading: { items, coverage: [covered(reader, type, complete ? undefined : denied)], gaps: [] },
  }
}

let serial = 0
function fresh(): string {
  return join(root, `d${serial++}`)
}

function open(path: string, changes: Partial<OutputOptions> = {}): Promise<OutputDirectory> {
  const now = () => new Date('2026-03-01T12:00:00Z')
  return OutputDirectory.open({ path, asked: 'everything', fresh: false, version: '1', now, ...changes })
}

describe('a collection', () => {
  test('writes a file for each account and region, and nothing else', async () => {
    const path = fresh()
    const directory = await open(path)
    await directory.take(scope('eu-central-1'))
    await directory.writeCoverage(
      [],
      [{ accountId, region: 'eu-central-1', totals: { items: 1, known: 1, unknown: 0, calls: 3 } }],
    )
    await directory.finish(true, true)
    expect((await readdir(path)).sort()).toEqual(['.pullpath-collect', accountId, 'coverage.json'])
    expect(await readdir(join(path, accountId))).toEqual(['eu-central-1.json'])
    const { pullpath, configurationItems } = JSON.parse(await readFile(join(path, 'coverage.json'), 'utf8'))
    expect(configurationItems).toEqual([])
    const file = `${accountId}/eu-central-1.json`
    expect(pullpath.scopes).toEqual([
      { accountId, region: 'eu-central-1', file, items: 1, known: 1, unknown: 0, calls: 3 },
    ])
  })

  test('that was cut off is gone on with: what is complete stays, the rest is read', async () => {
    const path = fresh()
    const first = await open(path)
    await first.take(scope('eu-central-1'))
    await first.take(scope('us-east-1', [], false))
    const second = await open(path)
    expect(second.resumedFrom).toBe('2026-03-01T12:00:00.000Z')
    expect(second.done({ accountId, region: 'eu-central-1' })).toMatchObject({
      items: 1,
      known: 1,
      unknown: 0,
      calls: 3,
    })
    expect(second.done({ accountId, region: 'us-east-1' })).toBeUndefined()
    expect(second.done({ accountId, region: 'us-west-2' })).toBeUndefined()
  })

  test('that ended incomplete is gone on with as well', async () => {
    const path = fresh()
    const first = await open(path)
    await first.take(scope('eu-central-1'))
    await first.finish(false, true)
    expect((await open(path)).done({ accountId, region: 'eu-central-1' })).toBeDefined()
  })

  test.each([
    ['for now is read again', 'passing', false],
    ['for good is not', 'lasting', true],
  ] as const)('whose tags could not be read %s when it is gone on with', async (_how, transience, isDone) => {
    const path = fresh()
    const whole = scope('eu-central-1')
    const supplementaryConfiguration = unreadTagsMark({ reason: 'no answer', transience })
    const items = whole.reading.items.map((item) => ({ ...item, supplementaryConfiguration }))
    await (await open(path)).take({ ...whole, reading: { ...whole.reading, items } })
    expect((await open(path)).done({ accountId, region: 'eu-central-1' }) !== undefined).toBe(isDone)
  })

  test('that was complete is followed by a new one', async () => {
    const path = fresh()
    const first = await open(path)
    await first.take(scope('eu-central-1', ['a', 'b']))
    await first.finish(true, true)
    const second = await open(path)
    expect(second.resumedFrom).toBeUndefined()
    expect(second.done({ accountId, region: 'eu-central-1' })).toBeUndefined()
    expect(second.before({ accountId, region: 'eu-central-1' })).toEqual(new Map([['AWS::ECR::Repository', 2]]))
  })

  test('compares with the last complete listing of a type, whatever a run in between could not list', async () => {
    const path = fresh()
    const first = await open(path)
    await first.take(scope('eu-central-1', ['a', 'b', 'c']))
    await first.finish(true, true)
    const second = await open(path)
    await second.take(scope('eu-central-1', ['a'], false))
    await second.finish(false, true)
    const third = await open(path)
    expect(third.before({ accountId, region: 'eu-central-1' })).toEqual(new Map([['AWS::ECR::Repository', 3]]))
    await third.take(scope('eu-central-1', ['a', 'b']))
    expect((await open(path)).before({ accountId, region: 'eu-central-1' })).toEqual(
      new Map([['AWS::ECR::Repository', 2]]),
    )
  })

  test('of which a day has passed is not gone on with', async () => {
    const path = fresh()
    await (await open(path)).take(scope('eu-central-1'))
    const later = await open(path, { now: () => new Date('2026-03-02T12:00:01Z') })
    expect(later.done({ accountId, region: 'eu-central-1' })).toBeUndefined()
  })

  test('is begun anew where that is asked for', async () => {
    const path = fresh()
    await (await open(path)).take(scope('eu-central-1'))
    expect((await open(path, { fresh: true })).done({ accountId, region: 'eu-central-1' })).toBeUndefined()
  })

  test('whose file is gone reads it again', async () => {
    const path = fresh()
    await (await open(path)).take(scope('eu-central-1'))
    await rm(join(path, accountId, 'eu-central-1.json'))
    expect((await open(path)).done({ accountId, region: 'eu-central-1' })).toBeUndefined()
  })

  test('whose journal ends in the middle of a line has what came before it', async () => {
    const path = fresh()
    await (await open(path)).take(scope('eu-central-1'))
    await appendFile(join(path, '.pullpath-collect'), '{"file":"111122223333/us-ea')
    const second = await open(path)
    expect(second.done({ accountId, region: 'eu-central-1' })).toBeDefined()
    await second.take(scope('us-east-1'))
    expect((await open(path)).done({ accountId, region: 'us-east-1' })).toBeDefined()
  })
})

describe('a directory', () => {
  test('that holds another collection is refused in one line', async () => {
    const path = fresh()
    await open(path)
    await expect(open(path, { asked: 'something' })).rejects.toThrow(
      `--output: ${path}: holds a collection of other accounts, regions or options; name another directory, or --fresh to replace it`,
    )
    expect((await open(path, { asked: 'something', fresh: true })).resumedFrom).toBeUndefined()
  })

  test('that holds other files is refused, even with --fresh', async () => {
    const path = fresh()
    await mkdir(path)
    await writeFile(join(path, 'notes.txt'), 'mine')
    await expect(open(path, { fresh: true })).rejects.toThrow('holds files that collect did not write')
    expect(await readdir(path)).toEqual(['notes.txt'])
  })

  test('loses what a new collection no longer finds, and no other file', async () => {
    const path = fresh()
    const first = await open(path)
    await first.take(scope('eu-central-1'))
    await first.take(scope('us-east-1'))
    await first.finish(true, true)
    await writeFile(join(path, accountId, 'mine.json'), '{}')
    const second = await open(path)
    await second.take(scope('eu-central-1'))
    expect(existsSync(join(path, accountId, 'us-east-1.json'))).toBe(true)
    await second.finish(true, true)
    expect((await readdir(join(path, accountId))).sort()).toEqual(['eu-central-1.json', 'mine.json'])
  })

  test('keeps the files of the last collection when the new one is stopped', async () => {
    const path = fresh()
    const first = await open(path)
    await first.take(scope('us-east-1'))
    await first.finish(true, true)
    await (await open(path)).finish(false, false)
    expect(existsSync(join(path, accountId, 'us-east-1.json'))).toBe(true)
  })

  test('whose journal is something else is refused', async () => {
    const path = fresh()
    await mkdir(path)
    await writeFile(join(path, '.pullpath-collect'), 'hello')
    await expect(open(path)).rejects.toThrow('is not the journal of a collection; name another directory')
  })

  test('of which the journal names files elsewhere loses none of these', async () => {
    const path = fresh()
    const victim = join(root, 'victim.json')
    await writeFile(victim, 'mine')
    const first = await open(path)
    await first.take(scope('eu-central-1'))
    const entry = { file: '../victim.json', run: 'x', accountId, region: 'x', complete: true, items: 0, known: 0 }
    await appendFile(
      join(path, '.pullpath-collect'),
      `${JSON.stringify({ ...entry, unknown: 0, calls: 0, counts: {} })}\n`,
    )
    await (await open(path)).finish(true, true)
    expect(await readFile(victim, 'utf8')).toBe('mine')
  })
})

describe('a collection that is gone on with', () => {
  const place = { accountId, region: 'eu-central-1' }
  const file = `${accountId}/eu-central-1.json`
  const changes: readonly (readonly [string, (path: string) => Promise<void>])[] = [
    ['is gone', (path) => rm(path)],
    ['was cut off', (path) => writeFile(path, '{"fileVersion":"1.0",')],
    ['is empty', (path) => writeFile(path, '')],
    [
      'was edited',
      async (path) => writeFile(path, (await readFile(path, 'utf8')).replaceAll('repository/app', 'repository/apq')),
    ],
  ]
  test.each(changes)('reads a place anew whose file %s', async (_name, change) => {
    const path = fresh()
    await (await open(path)).take(scope('eu-central-1'))
    expect((await open(path)).done(place)).toMatchObject({ items: 1 })
    await change(join(path, file))
    expect((await open(path)).done(place)).toBeUndefined()
  })

  test('reads everything anew when another version of the program began it', async () => {
    const path = fresh()
    await (await open(path)).take(scope('eu-central-1'))
    const other = await open(path, { version: '2' })
    expect(other.resumedFrom).toBeUndefined()
    expect(other.done(place)).toBeUndefined()
  })

  test('reads everything anew when it began more than a day from now in the future', async () => {
    const path = fresh()
    await (await open(path)).take(scope('eu-central-1'))
    const hour = await open(path, { now: () => new Date('2026-03-01T11:00:00Z') })
    expect(hour.done(place)).toBeDefined()
    const days = await open(path, { now: () => new Date('2026-02-27T12:00:00Z') })
    expect(days.resumedFrom).toBeUndefined()
  })
})

describe('a directory that another process writes to', () => {
  const lock = (path: string) => join(path, '.pullpath-collect.lock')
  /** A lock as the process with the id leaves it. */
  const held = async (path: string, pid: number, changed: object = {}) => {
    await mkdir(path, { recursive: true })
    await writeFile(lock(path), JSON.stringify({ pid, host: hostname(), began: null, ...changed }))
  }

  test('is refused, and left as it is', async () => {
    const path = fresh()
    await held(path, process.ppid)
    await expect(open(path)).rejects.toThrow(
      `--output: ${path}: process ${process.ppid} is collecting into it; wait, or name another directory`,
    )
    await expect(open(path, { fresh: true })).rejects.toThrow('is collecting into it')
    expect(await readdir(path)).toEqual(['.pullpath-collect.lock'])
  })

  test('is taken over when that process is no more', async () => {
    const path = fresh()
    const child = spawn(process.execPath, ['--version'])
    await new Promise((resolve) => child.on('close', resolve))
    await held(path, Number(child.pid))
    await open(path)
    expect(JSON.parse(await readFile(lock(path), 'utf8')).pid).toBe(process.pid)
  })

  test('is taken over when the lock was cut off', async () => {
    const path = fresh()
    await mkdir(path)
    await writeFile(lock(path), '{"pid":')
    await expect(open(path)).resolves.toBeDefined()
  })

  test.runIf(process.platform === 'linux')('is taken over when another process has its number now', async () => {
    const path = fresh()
    await held(path, process.ppid, { began: '1' })
    await expect(open(path)).resolves.toBeDefined()
  })

  test('is free when the collection has ended', async () => {
    const path = fresh()
    await (await open(path)).finish(true, true)
    expect(await readdir(path)).toEqual(['.pullpath-collect'])
  })
})

describe('D4 a file that cannot be written', () => {
  test('is named, and nothing of it is left', async () => {
    const path = fresh()
    const directory = await open(path)
    // A directory where the file should be.
    await mkdir(join(path, accountId, 'eu-central-1.json'), { recursive: true })
    await expect(directory.take(scope('eu-central-1'))).rejects.toThrow(
      `--output: ${join(path, accountId, 'eu-central-1.json')}: cannot be written (EISDIR): it is a directory`,
    )
    expect(await readdir(join(path, accountId))).toEqual(['eu-central-1.json'])
  })
})
