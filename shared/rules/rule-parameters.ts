/**
 * The parameters of the rules that have some. Apart from the rules themselves: who only checks settings, as the hub does, need
 * not carry what decides.
 */
import * as z from 'zod/mini'
import type { ConfigurableRule } from './define-rule.ts'
import { noParameters, stringList } from './parameters.ts'
import { ruleIds } from './rule-ids.ts'

const movingTags = [
  ...['latest', 'dev*', 'test*', 'feature*', 'pr-*', 'nightly*', 'snapshot*', 'edge*'],
  ...['cache*', 'buildcache*', 'tmp*', 'main', 'master'],
]

/** Of `ecr-repository-tags-immutable`. */
export const tagsImmutable = z.strictObject({
  allowedMutableTags: stringList(movingTags, 'Wildcard patterns of tags that may move: they name no release.'),
  releaseTags: stringList([], 'Wildcard patterns of your release tags. Every one of them must be immutable.'),
})

/** Of `ecr-repository-encrypted-with-cmk`. */
export const encryptedWithCmk = z.strictObject({
  allowedKeyArns: stringList(
    [],
    'Key ARNs (wildcard *) that may encrypt repositories; empty allows every customer key.',
  ),
})

/** Severities of scan findings from worst to mildest. */
export const scanSeverities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL'] as const

/** Of `image-free-of-critical-findings`. */
export const freeOfCriticalFindings = z.strictObject({
  threshold: z
    ._default(z.enum(scanSeverities), 'CRITICAL')
    .check(
      z.describe('The mildest severity of a scan finding that counts: CRITICAL, HIGH, MEDIUM, LOW or INFORMATIONAL.'),
    ),
})

/** Of `role-ci-trust-scoped`. */
export const ciTrustScoped = z.strictObject({
  allowedSubjects: stringList(
    [],
    'Patterns (* and ?) of subjects that may contain wildcards, for example repo:example/images:*.',
  ),
})

const byRule: ReadonlyMap<string, z.core.$ZodObject> = new Map<string, z.core.$ZodObject>([
  ['ecr-repository-encrypted-with-cmk', encryptedWithCmk],
  ['ecr-repository-tags-immutable', tagsImmutable],
  ['image-free-of-critical-findings', freeOfCriticalFindings],
  ['role-ci-trust-scoped', ciTrustScoped],
])

/** Every rule of the catalogue, as far as settings can speak of it. */
export function configurableRules(): readonly ConfigurableRule[] {
  return ruleIds.map((id) => ({ id, parameters: byRule.get(id) ?? noParameters }))
}
