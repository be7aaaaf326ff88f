import type { Inventory, InventoryResource } from '../inventory/inventory.ts'
import type { Compliance, Finding } from '../model/finding.ts'
import type { Organization } from '../model/organization.ts'
import type { ResourceRef } from '../model/resource.ts'
import type { RuleSettings, Settings } from '../model/settings.ts'
import { undetermined, type Verdict } from '../model/verdict.ts'
import {
  type JudgedResources,
  type JudgedType,
  judgedTypes,
  type Rule,
  type RuleContext,
} from '../rules/define-rule.ts'
import { withExceptions } from './exceptions.ts'
import { findingId } from './finding-id.ts'
import { parametersOf } from './parameters.ts'
import { describeFailure } from './rule-failure.ts'

/** What an audit needs; nothing here does I/O. */
export interface AuditInput {
  readonly inventory: Inventory
  readonly rules: readonly Rule[]
  readonly settings: Settings
  readonly organization: Organization
  /** The time of the audit: conditions on time that have run out grant nothing. Without it any time is possible. */
  readonly now?: Date
  /** Judge only these resources; the whole inventory still serves as context. */
  readonly only?: (ref: ResourceRef) => boolean
}

/** Judges every resource with every rule; findings sorted by account, region, ARN and rule. */
export function auditInventory(input: AuditInput): readonly Finding[] {
  const findings = withExceptions(
    input.rules.flatMap((rule) => findingsOf(rule, input)),
    input,
  )
  return findings.toSorted(
    (a, b) =>
      compare(a.resource.accountId, b.resource.accountId) ||
      compare(a.resource.region, b.resource.region) ||
      compare(a.resource.arn, b.resource.arn) ||
      compare(a.rule, b.rule),
  )
}

function findingsOf(rule: Rule, { inventory, settings, organization, now, only }: AuditInput): readonly Finding[] {
  const ruleSettings = settings.rules.get(rule.id)
  const context = {
    inventory,
    settings,
    organization,
    parameters: parametersOf(rule, ruleSettings),
    ...(now ? { now } : {}),
  }
  return judgedTypes(rule)
    .flatMap((type) => judgedResources(inventory, type, now))
    .filter((resource) => only === undefined || only(resource.ref))
    .map((resource) => findingOf(rule, ruleSettings, resource, verdictOf(rule, resource, context)))
}

function judgedResources(
  inventory: Inventory,
  type: JudgedType,
  now: Date | undefined,
): readonly JudgedResources[JudgedType][] {
  switch (type) {
    case 'AWS::ECR::Repository':
      return inventory.repositories
    case 'AWS::ECR::RegistryPolicy':
      return inventory.registryPolicies
    case 'AWS::ECR::PullThroughCacheRule':
      return inventory.pullThroughCacheRules
    case 'AWS::::Account':
      return inventory.registries
    case 'AWS::IAM::Role':
      return inventory.roles
    case 'AWS::ECS::Service':
      return inventory.ecsServices
    case 'AWS::ECS::TaskDefinition':
      // A superseded revision runs nowhere: it has no finding at all.
      return inventory.currentTaskDefinitions(now)
    case 'AWS::EKS::Nodegroup':
      return inventory.nodegroups
    case 'AWS::EKS::FargateProfile':
      return inventory.fargateProfiles
    case 'AWS::EC2::VPC':
      return inventory.network.vpcs
    default:
      return type satisfies never
  }
}

/** One resource that trips a bug in a rule is undetermined; every other verdict stands. */
function verdictOf(rule: Rule, resource: JudgedResources[JudgedType], context: RuleContext): Verdict {
  try {
    return rule.evaluate(resource, context)
  } catch (error) {
    const failure = describeFailure(error, new Error('here').stack)
    return undetermined({ reason: `rule ${rule.id} failed on this resource (${failure})`, transience: 'lasting' })
  }
}

function findingOf(
  rule: Rule,
  ruleSettings: RuleSettings | undefined,
  resource: InventoryResource,
  verdict: Verdict,
): Finding {
  const graded = verdict.kind === 'noncompliant' ? verdict.severity : undefined
  const text = verdict.kind === 'noncompliant' ? verdict.remediation : undefined
  return {
    id: findingId(rule.id, resource.ref),
    rule: rule.id,
    severity: ruleSettings?.severity ?? graded ?? rule.severity,
    compliance: complianceOf(verdict),
    resource: resource.ref,
    title: rule.title,
    reason: reasonOf(verdict),
    evidence: verdict.kind === 'notApplicable' ? [] : verdict.evidence,
    assumptions: 'assumptions' in verdict ? verdict.assumptions : [],
    remediation: { text: text ?? rule.fix, url: rule.url },
    ...(verdict.kind === 'undetermined' ? { transience: transienceOf(verdict.missing) } : {}),
    ...(resource.observedAt === undefined ? {} : { observedAt: resource.observedAt }),
  }
}

function complianceOf(verdict: Verdict): Compliance {
  switch (verdict.kind) {
    case 'compliant':
      return 'COMPLIANT'
    case 'noncompliant':
      return 'NON_COMPLIANT'
    case 'notApplicable':
      return 'NOT_APPLICABLE'
    case 'undetermined':
      return 'UNDETERMINED'
    default:
      return verdict satisfies never
  }
}

function reasonOf(verdict: Verdict): string {
  return verdict.kind === 'undetermined'
    ? `Cannot be decided: ${verdict.missing.map((fact) => fact.reason).join('; ')}`
    : verdict.reason
}

function transienceOf(missing: Extract<Verdict, { kind: 'undetermined' }>['missing']): 'passing' | 'lasting' {
  return missing.some((fact) => fact.transience === 'passing') ? 'passing' : 'lasting'
}

/** Order by UTF-16 code units: the same everywhere, whatever the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
