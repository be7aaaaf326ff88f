import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluateAccess } from '../../../shared/iam/evaluate/evaluate.ts'
import type { Decision, Missing } from '../../../shared/iam/evaluate/types.ts'
import { accessCaseOf, type WrittenCase } from './access-case.ts'

const folder = join(import.meta.dirname, 'cases')
const tables = readdirSync(folder).map((file) => ({
  theme: basename(file, '.json'),
  rows: JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly WrittenCase[],
}))

function nameOf(missing: Missing): string {
  switch (missing.kind) {
    case 'contextKey':
      return `contextKey ${missing.key}`
    case 'operator':
      return `operator ${missing.operator}`
    case 'document':
      return `document ${missing.policy}`
    case 'fact':
      return `fact ${missing.fact}`
  }
}

function deciding({ decidedBy }: Decision): string {
  return decidedBy.statement === undefined ? decidedBy.layer : `${decidedBy.layer} #${decidedBy.statement.position}`
}

for (const { theme, rows } of tables) {
  describe(`decisions: ${theme}`, () => {
    for (const row of rows) {
      it(row.name, () => {
        const decision = evaluateAccess(accessCaseOf(row))
        expect(decision.decision).toBe(row.expect)
        expect(decision.missing.map(nameOf)).toEqual(row.missing ?? [])
        if (row.by !== undefined) expect(deciding(decision)).toBe(row.by)
      })
    }
  })
}

describe('the tables', () => {
  it('name every case once and hold at least 250', () => {
    const names = tables.flatMap(({ theme, rows }) => rows.map(({ name }) => `${theme}: ${name}`))
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(250)
  })
})
