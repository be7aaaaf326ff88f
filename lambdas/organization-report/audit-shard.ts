import { auditInventory } from '../../shared/engine/audit.ts'
import { reviewExceptions } from '../../shared/engine/exceptions.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import { everything } from '../../shared/inventory/listings.ts'
import { globalRegion, isOrganizationType } from '../../shared/inventory/recordable-types.ts'
import type { Finding } from '../../shared/model/finding.ts'
import type { CoverageEntry, Scope } from '../../shared/model/resource.ts'
import type { Settings } from '../../shared/model/settings.ts'
import { tracesOf } from '../../shared/pull/traces.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { rule as pullPathRule } from '../../shared/rules/image/image-pull-path.ts'
import type { Report } from '../../shared/sinks/report/report.ts'
import type { Facts } from './facts.ts'

/** What a shard is judged by. */
export interface ShardQuestion {
  readonly shard: Scope
  /** Whether what belongs to the account is judged here. */
  readonly isHome: boolean
  readonly rules: readonly Rule[]
  readonly settings: Settings
  readonly now: Date
}

/** Judges an account and region as the command line would judge its files. */
export function auditShard(facts: Facts, question: ShardQuestion): Omit<Report, 'tool' | 'generatedAt'> {
  const { rules, settings, now } = question
  const inventory = buildInventory({
    ...facts,
    types: typesOf(rules),
    assumeRecorded: settings.assumeRecorded,
    capturedPolicy: awsManagedPolicy,
  })
  const organization = organizationOf(inventory, settings)
  const isJudged = (place: Scope) => isOfShard(place, question)
  const findings = auditInventory({ inventory, rules, settings, organization, now, only: isJudged }).map(withBlindSpot)
  const world = { inventory, organization, now, centralEndpoints: settings.network.centralEndpoints }
  return {
    findings,
    coverage: coverageOf(inventory, facts, question),
    pulls: canTrace(rules) ? tracesOf(world).filter(({ workload }) => isJudged(workload)) : [],
    exceptions: reviewExceptions(findings, rules, { settings, inventory, now }),
    why: new Map(rules.map((rule) => [rule.id, rule.why])),
  }
}

/** What a good verdict on a VPC takes for granted: each account is judged by what it records itself. */
export const blindSpot =
  'assumes that no workload of another account pulls images in shared subnets of the VPC (the report looks at one account at a time)'

function withBlindSpot(finding: Finding): Finding {
  const good = finding.compliance === 'COMPLIANT' || finding.compliance === 'NOT_APPLICABLE'
  if (finding.resource.type !== 'AWS::EC2::VPC' || !good) return finding
  return { ...finding, assumptions: [...finding.assumptions, blindSpot] }
}

/** What belongs to an account is reported once, with its home region. */
function isOfShard({ accountId, region }: Scope, { shard, isHome }: Pick<ShardQuestion, 'shard' | 'isHome'>): boolean {
  if (accountId !== shard.accountId) return false
  return region === shard.region || region === everything || (isHome && region === globalRegion)
}

function coverageOf(
  inventory: ReturnType<typeof buildInventory>,
  { problems }: Facts,
  question: ShardQuestion,
): readonly CoverageEntry[] {
  const { shard } = question
  const isSeen = inventory.scopes.some(
    ({ accountId, region }) => accountId === shard.accountId && region === shard.region,
  )
  // Nobody else reports that the organization is not known.
  const isReported = (row: CoverageEntry) =>
    isOfShard(row, question) || (row.status === 'unknown' && isOrganizationType(row.resourceType))
  const ofFiles = problems.map(({ file, reason, accountId, region }): CoverageEntry => {
    const place = { accountId: accountId ?? shard.accountId, region: region ?? shard.region }
    return { ...place, resourceType: everything, status: 'unknown', reason: `${file}: ${reason}` }
  })
  return [
    ...inventory.coverage.filter(isReported),
    ...(isSeen ? [] : notCovered(shard, false, 'what was read holds no item of it')),
    ...ofFiles.filter((row) => isOfShard(row, question)),
  ]
}

/** The rows of an account and region of which nothing is known. */
export function notCovered({ accountId, region }: Scope, isHome: boolean, reason: string): readonly CoverageEntry[] {
  return [region, ...(isHome ? [globalRegion] : [])].map((where) => ({
    ...{ accountId, region: where, resourceType: everything },
    ...{ status: 'unknown', reason },
  }))
}

/** True when the rules read all that tracing pulls rests on: with less a trace would only say what was not read. */
function canTrace(rules: readonly Rule[]): boolean {
  const types = wantedTypes(rules)
  return [...wantedTypes([pullPathRule])].every((type) => types.has(type))
}
