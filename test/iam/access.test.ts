import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { accessTo } from '../../shared/iam/access.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import type { JsonValue } from '../../shared/model/json.ts'

interface Case {
  readonly name: string
  /** Statements of the repository policy, or whole documents. */
  readonly statements?: readonly JsonValue[]
  readonly registry?: readonly JsonValue[]
  readonly registryActions?: readonly string[]
  readonly version?: string
  readonly region?: string
  readonly resource?: string
  readonly organizationUnknown?: boolean
  readonly now?: string
  /** `audience principal`, with ` bound`, ` whole` and ` ?` (uncertain) after it, in any order. */
  readonly grants: readonly string[]
  readonly uncertain?: readonly string[]
  /** Actions of every grant together, when the case is about them. */
  readonly actions?: readonly string[]
  readonly narrowedBy?: readonly string[]
  readonly dead?: readonly string[]
}

const directory = new URL('./cases/', import.meta.url)

function policyOf(statements: readonly JsonValue[], version = '2012-10-17') {
  const json = { Version: version, Statement: statements }
  const parsed = parsePolicy({ json, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.policy
}

export function accessOf(test: Omit<Case, 'name' | 'grants'>) {
  const region = test.region ?? 'eu-west-1'
  const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws'
  return accessTo({
    resourceArn: test.resource ?? `arn:${partition}:ecr:${region}:111122223333:repository/app`,
    resourceAccountId: '111122223333',
    region,
    documents: [
      ...(test.statements === undefined
        ? []
        : [
            {
              document: 'repository policy' as const,
              policy: policyOf(test.statements, test.version),
              appliesTo: 'all-actions' as const,
            },
          ]),
      ...(test.registry === undefined
        ? []
        : [
            {
              document: 'registry policy' as const,
              policy: policyOf(test.registry),
              appliesTo: test.registryActions ?? ('all-actions' as const),
            },
          ]),
    ],
    organization: {
      ...(test.organizationUnknown ? {} : { organizationId: 'o-ours123456' }),
      ownAccounts: new Set(['111122224444']),
      organizationAccounts: new Set(['222222222222']),
      trustedAccounts: new Set(['333333333333']),
    },
    ...(test.now === undefined ? {} : { now: new Date(test.now) }),
  })
}

for (const file of readdirSync(directory)) {
  const cases = JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as readonly Case[]
  describe(file, () => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      const { grants, dead } = accessOf(one)
      const seen = grants.map(
        (grant) =>
          `${grant.audience} ${grant.principal}${grant.wholeAccount ? ' whole' : ''}${grant.boundToSource ? ' bound' : ''}${grant.uncertain.length > 0 ? ' ?' : ''}`,
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
      if (one.narrowedBy !== undefined) {
        expect([...new Set(grants.flatMap((grant) => grant.narrowedBy))].sort()).toEqual([...one.narrowedBy].sort())
      }
    })
  })
}
