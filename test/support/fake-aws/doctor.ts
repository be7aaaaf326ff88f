// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent

import { configQueryService, emptyConfig, type FakeConfig } from './config-query.ts'
import { imagesService, registryService } from './ecr-images.ts'
import { eksAccessService, emptyEksAccess } from './eks-access.ts'
import type { FakeAws } from './fake-aws.ts'
import { findingsPage } from './get-findings.ts'
import { fakeOrganization, organizationsService } from './organizations.ts'
import { Refusal } from './refusal.ts'
import { emptyProfiles, route53ProfilesService } from './route53-profiles.ts'
import { fakeSts, stsService } from './sts.ts'
import { tagsService } from './tagging.ts'

/** What `doctor` asks about on top of the readers. Times are seconds since 1970, as on the wire. */
export interface FakeDoctor {
  readonly config: FakeConfig
  readonly channels: any[]
  /** Names of AWS Config rules, in the order of the account. */
  readonly rules: string[]
  /** Rule name to its evaluation status. */
  readonly runs: Map<string, any>
  /** Rule name to how many resources are not compliant. */
  readonly bad: Map<string, number>
  hubArn: string | undefined
  /** Entries of a page. */
  pageSize: number
}

/** Serves an account whose AWS Config and Security Hub are on, in which nothing exists. Calls of EC2 have to be dry runs. */
export function serveDoctor(fake: FakeAws): FakeDoctor {
  const { state } = fake
  const doctor: FakeDoctor = {
    config: emptyConfig(),
    channels: [{ name: 'default', s3BucketName: 'config-files' }],
    rules: [],
    runs: new Map(),
    bad: new Map(),
    hubArn: `arn:aws:securityhub:${state.region}:${state.accountId}:hub/default`,
    pageSize: 25,
  }
  const query = configQueryService(state, doctor.config)
  state.services.set('config', (operation, body) => configAnswer(doctor, operation, body) ?? query(operation, body))
  state.services.set('sts', stsService(fakeSts(state.accountId)))
  state.services.set('eks', eksAccessService(state.eks, emptyEksAccess()))
  state.services.set('organizations', organizationsService(fakeOrganization(state.accountId)))
  state.services.set('route53profiles', route53ProfilesService(emptyProfiles()))
  state.services.set('ecr:DescribeImages', imagesService({ repositories: new Map() }))
  state.services.set('ecr:DescribeRegistry', registryService(state.accountId, []))
  state.services.set('ec2', dryRunOnly)
  state.services.set('tag', tagsService(new Map()))
  state.services.set('securityhub:GetFindings', (_, body) => {
    if (doctor.hubArn === undefined) throw new Refusal('InvalidAccessException', 401)
    return findingsPage([...fake.findings.values()], body)
  })
  state.services.set('securityhub:DescribeHub', () => {
    if (doctor.hubArn === undefined) throw new Refusal('InvalidAccessException', 401)
    return { HubArn: doctor.hubArn }
  })
  return doctor
}

function configAnswer(doctor: FakeDoctor, operation: string, body: any): unknown {
  switch (operation) {
    case 'DescribeDeliveryChannels':
      return { DeliveryChannels: doctor.channels }
    case 'DescribeConfigRules': {
      const { page, next } = pageOf(doctor.rules, body, doctor.pageSize)
      return { ConfigRules: page.map((ConfigRuleName) => ({ ConfigRuleName })), NextToken: next }
    }
    case 'DescribeComplianceByConfigRule': {
      const { page, next } = pageOf(doctor.rules, body, doctor.pageSize)
      return { ComplianceByConfigRules: page.map((name) => complianceOf(name, doctor.bad.get(name))), NextToken: next }
    }
    case 'DescribeConfigRuleEvaluationStatus': {
      const names: string[] = body.ConfigRuleNames ?? []
      if (names.length > 25) throw new Refusal('InvalidParameterValueException')
      if (names.some((name) => !doctor.rules.includes(name))) throw new Refusal('NoSuchConfigRuleException')
      const { page, next } = pageOf(names, body, doctor.pageSize)
      const statuses = page.map((name) => ({ ConfigRuleName: name, ...doctor.runs.get(name) }))
      return { ConfigRulesEvaluationStatus: statuses, NextToken: next }
    }
    default:
      return undefined
  }
}

/** AWS Config counts to 25. */
function complianceOf(ConfigRuleName: string, count = 0) {
  if (count === 0) return { ConfigRuleName, Compliance: { ComplianceType: 'COMPLIANT' } }
  const ComplianceContributorCount = { CappedCount: Math.min(count, 25), CapExceeded: count > 25 }
  return { ConfigRuleName, Compliance: { ComplianceType: 'NON_COMPLIANT', ComplianceContributorCount } }
}

function pageOf(all: readonly string[], body: any, size: number) {
  const start = Number(body.NextToken ?? 0)
  const end = start + size
  return { page: all.slice(start, end), next: end < all.length ? String(end) : undefined }
}

/** One resource of each kind that is looked up; anything else has to be a dry run. */
function dryRunOnly(operation: string, body: any): unknown {
  if (body.DryRun === 'true') throw new Refusal('DryRunOperation', 412)
  switch (operation) {
    case 'DescribeVpcs':
      return { vpcSet: [{ vpcId: 'vpc-1' }] }
    case 'DescribeManagedPrefixLists':
      return { prefixListSet: [{ prefixListId: 'pl-1' }] }
    case 'DescribeTransitGatewayRouteTables':
      return { transitGatewayRouteTables: [{ transitGatewayRouteTableId: 'tgw-rtb-1' }] }
    default:
      throw new Refusal('NotADryRun')
  }
}
