import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fixFor } from '../../shared/network/explain.ts'
import { type Case, pathText, reachOfCase } from './support/reach-of.ts'

const directory = new URL('./cases/', import.meta.url)
const tables = readdirSync(directory).map((file) => {
  const cases = JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as readonly Case[]
  return [file, cases] as const
})

describe('the case tables', () => {
  it('hold at least 150 cases whose names are unique', () => {
    const names = tables.flatMap(([, cases]) => cases.map(({ name }) => name))
    expect(names.length).toBeGreaterThanOrEqual(150)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe.each(tables)('%s', (_file, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const answer = reachOfCase(one)
    expect(answer.paths.map(pathText)).toEqual(one.paths)
    expect(answer.verdict).toBe(one.verdict)
    expect(answer.assumptions).toEqual(one.assumptions ?? [])
    if (one.verdict === 'unknown') expect(answer.missing.length).toBeGreaterThan(0)
    else expect(answer.missing).toEqual([])
    if (one.missing !== undefined) expect(answer.missing).toEqual(one.missing)
    if (one.shadowed !== undefined) expect(answer.shadowed).toEqual(one.shadowed)
    if (one.fix !== undefined) expect(fixFor(answer)).toBe(one.fix)
  })
})
