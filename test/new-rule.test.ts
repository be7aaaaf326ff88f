import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scaffold } from '../scripts/new-rule.ts'

const root = resolve(import.meta.dirname, '..')
const id = 'ecr-repository-namespaced'
let copy = ''

function run(script: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(copy, script), ...args], { cwd: copy, encoding: 'utf8', stdio: 'pipe' })
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'pullpath-new-rule-'))
  for (const path of ['shared', 'scripts', 'test/support', 'package.json', 'tsconfig.json', 'vitest.config.ts']) {
    cpSync(join(root, path), join(copy, path), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})

afterAll(() => rmSync(copy, { recursive: true, force: true }))

test('the walk through CONTRIBUTING.md ends with a green rule', { timeout: 120_000 }, () => {
  const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  for (const step of [
    `npm run new-rule ecr ${id}`,
    'npm run generate',
    `npx vitest run test/rules/ecr/${id}.test.ts`,
  ]) {
    expect(guide).toContain(step)
  }
  expect(run('scripts/new-rule.ts', 'ecr', id).match(/^wrote .*$/gm)).toEqual([
    `wrote shared/rules/ecr/${id}.ts`,
    `wrote test/rules/ecr/${id}.test.ts`,
  ])
  expect(() => run('scripts/generate.ts', '--check')).toThrow()
  run('scripts/generate.ts')
  expect(run('scripts/generate.ts', '--check')).toBe('')
  expect(readFileSync(join(copy, 'shared/rules/index.ts'), 'utf8')).toContain(`'./ecr/${id}.ts'`)
  expect(readFileSync(join(copy, `docs/rules/${id}.md`), 'utf8')).toContain(`# ${id}`)
  const report = run('node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `test/rules/ecr/${id}.test.ts`)
  expect(JSON.parse(report)).toMatchObject({ success: true, numPassedTests: 3 })
})

test('a rule that exists already is not overwritten', () => {
  expect(() => run('scripts/new-rule.ts', 'ecr', 'ecr-repository-scanned')).toThrow(/exists already/)
})

test('an unknown area and an id that is no kebab-case word list are refused', () => {
  expect(() => scaffold('s3', 'some-rule')).toThrow('area: expected one of ecr, vpc, role, image')
  expect(() => scaffold('ecr', '../escape')).toThrow('id: expected kebab-case words')
  expect(() => scaffold('ecr', `ecr-${'x'.repeat(60)}`)).toThrow('64 characters')
})
