import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { accessOf, type Case } from './access-of.ts'

const directory = new URL('./cases/', import.meta.url)

for (const file of readdirSync(directory)) {
  const cases = JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as readonly Case[]
  describe(file, () => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      const { grants, dead } = accessOf(one)
      const seen = grants.map(
        (grant) =>
          `${grant.audience} ${grant.principal}${grant.wholeAccount ? ' whole' : ''}${grant.boundToSource ? ' bound' : ''}${grant.uncertain.length > 0 ? ' ?' : ''}${grant.missing.length > 0 ? ' missing' : ''}`,
      )
      expect([...seen].sort()).toEqual([...one.grants].sort())
      expect(dead.map(({ reason, subject }) => `${reason} ${subject}`).sort()).toEqual([...(one.dead ?? [])].sort())
      if (one.actions !== undefined) {
        const actions = new Set(grants.flatMap((grant) => grant.actions))
        expect([...actions].sort()).toEqual([...one.actions].sort())
      }
      if (one.uncertain !== undefined) {
        expect([...new Set(grants.flatMap((grant) => grant.uncertain))].sort()).toEqual([...one.uncertain].sort())
      }
      if (one.missing !== undefined) {
        expect([...new Set(grants.flatMap((grant) => grant.missing))].sort()).toEqual([...one.missing].sort())
      }
      if (one.narrowedBy !== undefined) {
        expect([...new Set(grants.flatMap((grant) => grant.narrowedBy))].sort()).toEqual([...one.narrowedBy].sort())
      }
    })
  })
}
