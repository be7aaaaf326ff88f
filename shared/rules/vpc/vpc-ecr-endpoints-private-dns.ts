import type { Vpc } from '../../inventory/network.ts'
import { clip } from '../../model/quote.ts'
import type { ReachPath } from '../../network/types.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { isNameless, isRegistryHost, ownEndpoints, stepOf } from '../pull-paths.ts'
import { evidenceOfPath, missingOfReach, type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
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
      verdictOnPulls(pulls, (pull) => outcomeOf(pull, vpc, context), {
        good: 'The names of ECR resolve to an endpoint',
        none: 'It has no interface endpoint for ECR in service.',
      }),
    ),
})

function outcomeOf(pull: PullReach, { id }: Vpc, { inventory }: RuleContext): PullOutcome {
  const { reach } = pull
  if (!isRegistryHost(pull)) return { kind: 'skip' }
  const [unnamed] = isNameless(pull) ? ownEndpoints(id, pull, inventory) : []
  const own = reach.paths.filter(isInService)
  const [first] = own
  if (unnamed !== undefined) return unresolved(pull, unnamed.id, reach.paths)
  if (first === undefined) return { kind: 'skip' }
  const central = reach.paths.filter(({ kind }) => kind === 'centralEndpoint')
  const names = [...own, ...central].map((path) => stepOf(path, 'dns')?.verdict ?? path.verdict)
  if (names.includes('reachable')) return { kind: 'good' }
  if (names.includes('unknown')) return { kind: 'open', missing: missingOfReach(pull) }
  return unresolved(pull, first.via, own)
}

function unresolved({ reach }: PullReach, endpointId: string, paths: readonly ReachPath[]): PullOutcome {
  const dns = paths.map((path) => stepOf(path, 'dns')).find((step) => step !== undefined)
  return {
    kind: 'bad',
    because: `${reach.destination.host} does not resolve to the endpoint ${endpointId}: ${clip(dns?.reason ?? 'it has no name')}`,
    fix: dns?.fix ?? `Switch on private DNS of the endpoint ${endpointId}`,
    evidence: paths.flatMap(evidenceOfPath),
    ...(reach.verdict === 'reachable' ? { severity: 'MEDIUM' as const } : {}),
  }
}

function isInService(path: ReachPath): boolean {
  return path.kind === 'privateEndpoint' && stepOf(path, 'endpoint')?.verdict !== 'blocked'
}
