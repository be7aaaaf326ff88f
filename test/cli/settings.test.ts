import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseJsonSettings } from '../../shared/engine/json-settings.ts'
import { parseSettings } from '../../shared/engine/settings.ts'
import { rules } from '../../shared/rules/index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-settings-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const example = 'examples/organization/settings.yaml'

function run(file: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli/main.ts', 'settings', file], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

async function written(text: string): Promise<string> {
  const file = join(folder, 'settings.yaml')
  await writeFile(file, text)
  return file
}

describe('pullpath settings', () => {
  it('prints a file as one line of JSON that functions read as the same settings', async () => {
    const { code, stdout } = await run(example)
    expect(code).toBe(0)
    expect(stdout.indexOf('\n')).toBe(stdout.length - 1)
    const text = await readFile(example, 'utf8')
    expect(parseJsonSettings(stdout, 'PULLPATH_SETTINGS', rules)).toEqual(parseSettings(text, example, rules))
  })

  it('prints ASCII only, whatever the file holds', async () => {
    const file = await written('approvedRegistries: ["größe.example", "\\U0001F433"]\n')
    expect(await run(file)).toEqual({
      code: 0,
      stdout: '{"approvedRegistries":["gr\\u00f6\\u00dfe.example","\\ud83d\\udc33"]}\n',
      stderr: '',
    })
  })

  it('prints an empty file as no settings', async () => {
    expect(await run(await written('# nothing yet\n'))).toEqual({ code: 0, stdout: '{}\n', stderr: '' })
  })

  it('refuses what audit refuses, with the line', async () => {
    const file = await written('undetermined: leave\ntrusted: []\n')
    const { code, stdout, stderr } = await run(file)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/settings\.yaml:2: trusted: unknown key; expected one of organizationId, /)
  })

  it('names a file that is not there', async () => {
    const { code, stderr } = await run(join(folder, 'none.yaml'))
    expect(code).toBe(2)
    expect(stderr).toMatch(/^pullpath: settings: .*none\.yaml: cannot be read \(ENOENT\)/)
  })
})
