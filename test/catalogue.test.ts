import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { sourcePermissions } from '../infra/derive/source-permissions.ts'
import { generatedFiles, staleFiles } from '../scripts/generate.ts'
import { judgedTypes } from '../shared/rules/define-rule.ts'
import { ecrRules } from '../shared/rules/ecr-rules.ts'
import { imageRules } from '../shared/rules/image-rules.ts'
import { rules } from '../shared/rules/index.ts'
import { roleRules } from '../shared/rules/role-rules.ts'
import { ruleIds } from '../shared/rules/rule-ids.ts'
import { configurableRules } from '../shared/rules/rule-parameters.ts'
import { vpcRules } from '../shared/rules/vpc-rules.ts'

const root = resolve(import.meta.dirname, '..')

/** Frameworks whose ids rules may carry, and how their requirements are spelled. */
const frameworks = new Map([
  ['aws-fsbp', /^ECR\.[1-5]$/],
  ['cis-aws-7.0', /^\d+\.\d+(\.\d+)?$/],
])

const meta = z.object({
  id: z.string().regex(/^[a-z]+(-[a-z0-9]+)+$/),
  area: z.enum(['ecr', 'vpc', 'role', 'image']),
  title: z.string().min(15).regex(/[^.]$/),
  severity: z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
  why: z.string().min(30).endsWith('.'),
  fix: z.string().min(20).endsWith('.'),
  notes: z.array(z.string().min(10).endsWith('.')).optional(),
  judges: z.string().startsWith('AWS::'),
  alsoJudges: z.array(z.string().startsWith('AWS::')).optional(),
  reads: z.array(z.string().startsWith('AWS::')),
  triggers: z.object({
    change: z.boolean(),
    scheduled: z.boolean(),
    calls: z.array(z.string().regex(/^[a-z0-9-]+:[A-Z][A-Za-z]+$/)),
  }),
  defaultEnabled: z.boolean(),
  url: z.string().startsWith('https://docs.aws.amazon.com/'),
})

test('the catalogue holds the twelve rules of area ecr with their default severities', () => {
  expect(new Map(rules.filter((rule) => rule.area === 'ecr').map((rule) => [rule.id, rule.severity]))).toEqual(
    new Map([
      ['ecr-pull-through-cache-restricted', 'MEDIUM'],
      ['ecr-registry-enhanced-scanning', 'LOW'],
      ['ecr-registry-policy-not-public', 'HIGH'],
      ['ecr-repository-access-trusted', 'HIGH'],
      ['ecr-repository-actions-least-privilege', 'HIGH'],
      ['ecr-repository-encrypted-with-cmk', 'LOW'],
      ['ecr-repository-images-signed', 'LOW'],
      ['ecr-repository-lifecycle-policy', 'LOW'],
      ['ecr-repository-not-public', 'CRITICAL'],
      ['ecr-repository-policy-effective', 'LOW'],
      ['ecr-repository-scanned', 'MEDIUM'],
      ['ecr-repository-tags-immutable', 'MEDIUM'],
    ]),
  )
})

test('the catalogue holds the twelve rules of area role with their default severities', () => {
  expect(new Map(rules.filter((rule) => rule.area === 'role').map((rule) => [rule.id, rule.severity]))).toEqual(
    new Map([
      ['ecs-execution-role-can-pull', 'HIGH'],
      ['ecs-execution-role-least-privilege', 'MEDIUM'],
      ['ecs-execution-role-present', 'HIGH'],
      ['ecs-roles-separate', 'MEDIUM'],
      ['ecs-task-role-without-registry-access', 'HIGH'],
      ['eks-fargate-role-can-pull', 'HIGH'],
      ['eks-node-role-can-pull', 'HIGH'],
      ['eks-node-role-least-privilege', 'MEDIUM'],
      ['role-authorization-token-scoped', 'HIGH'],
      ['role-ci-trust-scoped', 'HIGH'],
      ['role-registry-admin-restricted', 'MEDIUM'],
      ['role-web-identity-trust-scoped', 'HIGH'],
    ]),
  )
})

test('the catalogue holds the eight rules of area vpc with their default severities', () => {
  expect(new Map(rules.filter((rule) => rule.area === 'vpc').map((rule) => [rule.id, rule.severity]))).toEqual(
    new Map([
      ['vpc-ecr-endpoints-cover-zones', 'LOW'],
      ['vpc-ecr-endpoints-present', 'HIGH'],
      ['vpc-ecr-endpoints-private-dns', 'HIGH'],
      ['vpc-ecr-endpoints-reachable', 'HIGH'],
      ['vpc-endpoint-policy-allows-pull', 'HIGH'],
      ['vpc-endpoint-policy-restricted', 'LOW'],
      ['vpc-image-pulls-private', 'MEDIUM'],
      ['vpc-s3-gateway-routes', 'HIGH'],
    ]),
  )
})

test('the catalogue holds the six rules of area image with their default severities', () => {
  expect(new Map(rules.filter((rule) => rule.area === 'image').map((rule) => [rule.id, rule.severity]))).toEqual(
    new Map([
      ['image-free-of-critical-findings', 'HIGH'],
      ['image-pinned-by-digest', 'LOW'],
      ['image-pull-path', 'HIGH'],
      ['image-region-local', 'MEDIUM'],
      ['image-registry-approved', 'MEDIUM'],
      ['image-repository-exists', 'HIGH'],
    ]),
  )
})

test('the lists of areas and of ids hold what the catalogue holds', () => {
  expect(imageRules).toEqual(rules.filter((rule) => rule.area === 'image'))
  expect(ecrRules).toEqual(rules.filter((rule) => rule.area === 'ecr'))
  expect(roleRules).toEqual(rules.filter((rule) => rule.area === 'role'))
  expect(vpcRules).toEqual(rules.filter((rule) => rule.area === 'vpc'))
  expect(ruleIds).toEqual(rules.map((rule) => rule.id))
})

/**
 * Types no function reads live: organizations are not readable in a member account, and Route 53 Profiles are only known from
 * files. Rules say which verdicts that leaves open.
 */
const fromFilesOnly = new Set([
  'AWS::Organizations::OrganizationalUnit',
  'AWS::Organizations::Policy',
  'AWS::Route53Profiles::ProfileAssociation',
  'AWS::Route53Profiles::ProfileResourceAssociation',
])

test('five rules are off by default', () => {
  expect(rules.filter((rule) => !rule.defaultEnabled).map((rule) => rule.id)).toEqual([
    'ecr-registry-enhanced-scanning',
    'ecr-repository-encrypted-with-cmk',
    'ecr-repository-images-signed',
    'image-pinned-by-digest',
    'vpc-endpoint-policy-restricted',
  ])
})

test('ids are unique and every rule file is in the index', () => {
  const areas = readdirSync(join(root, 'shared/rules'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const files = areas.flatMap(({ name }) =>
    readdirSync(join(root, 'shared/rules', name)).map((file) => `${name}/${file}`),
  )
  expect(rules.map((rule) => `${rule.area}/${rule.id}.ts`).sort()).toEqual(files.sort())
})

test('index and docs equal what generate would write', async () => {
  expect(staleFiles(root, await generatedFiles(root))).toEqual([])
})

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('has a file and a test table of its own name', () => {
    expect(existsSync(join(root, `shared/rules/${rule.area}/${id}.ts`))).toBe(true)
    const table = readFileSync(join(root, `test/rules/${rule.area}/${id}.test.ts`), 'utf8')
    // ruleCases itself demands both verdicts, frozen input, a repeatable answer and humility about unknown facts.
    expect(table).toContain(`shared/rules/${rule.area}/${id}.ts'`)
    expect(table).toContain('\nruleCases(rule, {')
  })

  test('has a complete meta and a Config rule name that fits', () => {
    expect(meta.safeParse(rule).error?.issues ?? []).toEqual([])
    expect(`pullpath-${id}`.length).toBeLessThanOrEqual(64)
  })

  test('has at least one trigger', () => {
    const { change, scheduled, calls } = rule.triggers
    expect(change || scheduled || calls.length > 0).toBe(true)
  })

  test('carries ids of known frameworks only', () => {
    for (const [framework, ids] of Object.entries(rule.frameworks)) {
      for (const requirement of ids) expect(requirement).toMatch(frameworks.get(framework) ?? /^unknown framework$/)
    }
  })

  test('has the parameters that those who only check settings know', () => {
    const known = configurableRules().find(({ id }) => id === rule.id)
    expect(known?.parameters).toBe(rule.parameters)
  })

  test('describes every parameter and has a default for it', () => {
    expect(z.safeParse(rule.parameters, {}).success).toBe(true)
    for (const schema of Object.values(rule.parameters._zod.def.shape)) {
      expect(z.globalRegistry.get(schema)?.description).toMatch(/\.$/)
    }
  })

  test('reads only what a source with stated permissions provides, or what is known to come from files only', () => {
    const provided = new Set(sourcePermissions.flatMap((permission) => permission.reads))
    const needed = [...judgedTypes(rule), ...rule.reads].filter((type) => type !== 'AWS::::Account')
    expect(needed.filter((type) => !provided.has(type) && !fromFilesOnly.has(type))).toEqual([])
  })
})
