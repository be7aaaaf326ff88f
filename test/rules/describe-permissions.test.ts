import { describe, expect, test } from 'vitest'
import type { RegistryGrant } from '../../shared/iam/permissions/types.ts'
import type { RolePermissions } from '../../shared/pull/role-permissions.ts'
import {
  describeGrantsOfRole,
  evidenceOfRoleGrants,
  missingOfPermissions,
  splitGrants,
} from '../../shared/rules/describe-permissions.ts'

const grant = (more: Partial<RegistryGrant> = {}): RegistryGrant => ({
  action: 'ecr:PutImage',
  group: 'push',
  resource: 'arn:aws:ecr:eu-central-1:111122223333:repository/app',
  scope: 'registry',
  inHomeAccount: true,
  pattern: '*',
  statement: { policy: 'inline policy ci of role build', position: 1, sid: undefined },
  certain: true,
  missing: [],
  ...more,
})
const key = { kind: 'contextKey', key: 'aws:SourceVpce', policy: 'p', position: 1 } as const
const document = { kind: 'document', policy: 'boundary', reason: 'not read' } as const
const permissions = (more: Partial<RolePermissions> = {}): RolePermissions => ({
  grants: [],
  unknownDocuments: [],
  limits: [],
  assumptions: [],
  evidence: [],
  allowedOn: () => [],
  ...more,
})

test('a grant under a condition of the request is held, one that rests on an unread document is open', () => {
  const certain = grant()
  const narrowed = grant({ certain: false, missing: [key] })
  const doubtful = grant({ certain: false, missing: [key, document] })
  const odd = grant({ certain: false, missing: [{ kind: 'operator', operator: 'Odd', policy: 'p', position: 1 }] })
  expect(splitGrants([certain, narrowed, doubtful, odd])).toEqual({ held: [certain, narrowed], open: [doubtful, odd] })
})

test('what must be known names unread policies, limits and open grants, each once', () => {
  const unread = permissions({
    unknownDocuments: [{ policy: 'boundary', reason: 'not read' }],
    limits: ['p, statement 1: not every resource of * was tried'],
  })
  expect(missingOfPermissions(unread, [grant({ certain: false, missing: [document] })])).toEqual([
    { reason: 'boundary: not read', transience: 'lasting' },
    { reason: 'p, statement 1: not every resource of * was tried', transience: 'lasting' },
  ])
  expect(missingOfPermissions(permissions(), [])).toEqual([])
})

describe('grants in words', () => {
  test('name actions, patterns and policies once', () => {
    expect(describeGrantsOfRole([grant(), grant({ action: 'ecr:BatchDeleteImage' })])).toBe(
      'ecr:PutImage and ecr:BatchDeleteImage on * (inline policy ci of role build)',
    )
  })

  test('stay short whatever names they hold', () => {
    const long = grant({
      pattern: 'x'.repeat(9_000),
      statement: { policy: 'y'.repeat(9_000), position: 1, sid: undefined },
    })
    expect(describeGrantsOfRole([long]).length).toBeLessThan(500)
  })
})

describe('the evidence of grants', () => {
  test('is one line per statement and pattern', () => {
    const statement = { policy: 'p', position: 2, sid: 'Push' }
    expect(
      evidenceOfRoleGrants([
        grant({ statement }),
        grant({ statement, action: 'ecr:BatchDeleteImage', certain: false, missing: [key] }),
        grant({ statement, pattern: 'arn:*' }),
        grant(),
      ]),
    ).toEqual([
      {
        source: 'p, statement 2 (Sid "Push")',
        detail: 'Allows ecr:PutImage and ecr:BatchDeleteImage on *; under conditions on aws:SourceVpce',
      },
      { source: 'p, statement 2 (Sid "Push")', detail: 'Allows ecr:PutImage on arn:*' },
      { source: 'inline policy ci of role build, statement 1', detail: 'Allows ecr:PutImage on *' },
    ])
  })

  test('counts what it leaves out', () => {
    const many = Array.from({ length: 23 }, (_, index) => grant({ pattern: `arn:${index}` }))
    const evidence = evidenceOfRoleGrants(many)
    expect(evidence).toHaveLength(21)
    expect(evidence[20]).toEqual({ source: 'statements', detail: '3 more statements and resources do the like' })
    expect(evidenceOfRoleGrants(many.slice(0, 20))).toHaveLength(20)
    expect(evidenceOfRoleGrants([])).toEqual([])
  })
})
