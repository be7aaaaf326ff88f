import { lstat, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeOutput } from '../../../cli/collect/atomic-file.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pullpath-atomic-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('an output that is a link', () => {
  test('leads to the text, and stays a link', async () => {
    const [target, link] = [join(root, 'target.json'), join(root, 'link.json')]
    await writeFile(target, 'old')
    await symlink(target, link)
    await writeOutput(link, ['new ', 'text'])
    expect(await readlink(link)).toBe(target)
    expect(await readFile(target, 'utf8')).toBe('new text')
    expect((await lstat(target)).isFile()).toBe(true)
  })

  test('that leads nowhere yet is followed', async () => {
    const [target, link] = [join(root, 'later.json'), join(root, 'early.json')]
    await symlink(target, link)
    await writeOutput(link, ['text'])
    expect(await readlink(link)).toBe(target)
    expect(await readFile(target, 'utf8')).toBe('text')
  })
})
