import type { ReachPath } from '../../network/types.ts'
import { defineRule } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { isRegistryHost, stepOf } from '../pull-paths.ts'
import { evidenceOfPath, missingOfReach, type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
import { clip } from '../quote.ts'
import { vpcReads, vpcTriggers } from '../vpc-reads.ts'
import { judgePulls, type PullReach } from '../vpc-workloads.ts'

/** Clients pull by the public name of the registry: an endpoint to which it does not resolve is never used. */
export const rule = defineRule({
  id: 'vpc-ecr-endpoints-private-dns',
  area: 'vpc',
  title: 'The names of ECR resolve to the endpoints of the VPC',
  severity: 'HIGH',
  why: 'An endpoint without private DNS is paid for and never used: images are pulled over the internet, or not at all.',
  fix: 'Switch on private DNS of the endpoint, and enableDnsSupport and enableDnsHostnames of the VPC; or associate a private hosted zone whose records lead to it.',
  notes: [
    'MEDIUM while pulls still work by another way.',
    'AWS Config does not record the DNS attributes of VPCs: without them a verdict assumes that they are on.',
    'Private DNS that is off by design is fine where a hosted zone or a Route 53 Profile replaces it.',
  ],
  judges: 'AWS::EC2::VPC',
  reads: vpcReads(),
  triggers: vpcTriggers('route53:AssociateVPCWithHostedZone', 'route53:DisassociateVPCFromHostedZone'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html',
  parameters: noParameters,
  evaluate: (vpc, context) =>
    judgePulls(vpc, context, (pulls) =>
      verdictOnPulls(pulls, outcomeOf, {
        good: 'The names of ECR resolve to an endpoint',
        none: 'It has no interface endpoint for ECR in service.',
      }),
    ),
})

function outcomeOf(pull: PullReach): PullOutcome {
  const { reach } = pull
  const own = reach.paths.filter(isInService)
  const [first] = own
  if (!isRegistryHost(pull) || first === undefined) return { kind: 'skip' }
  const central = reach.paths.filter(({ kind }) => kind === 'centralEndpoint')
  const names = [...own, ...central].map((path) => stepOf(path, 'dns')?.verdict ?? 'reachable')
  if (names.includes('reachable')) return { kind: 'good' }
  if (names.includes('unknown')) return { kind: 'open', missing: missingOfReach(pull) }
  const dns = stepOf(first, 'dns')
  return {
    kind: 'bad',
    because: `${reach.destination.host} does not resolve to the endpoint ${first.via}: ${clip(dns?.reason ?? '')}`,
    fix: dns?.fix ?? `Switch on private DNS of the endpoint ${first.via}`,
    evidence: own.flatMap(evidenceOfPath),
    ...(reach.verdict === 'reachable' ? { severity: 'MEDIUM' as const } : {}),
  }
}

function isInService(path: ReachPath): boolean {
  return path.kind === 'privateEndpoint' && stepOf(path, 'endpoint')?.verdict !== 'blocked'
}
