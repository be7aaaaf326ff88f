import { endpointIdOf } from '../../network/endpoint-of-path.ts'
import type { ReachPath } from '../../network/types.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { isPrivate } from '../pull-paths.ts'
import { evidenceOfPath, missingOfReach, type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
import { vpcReads, vpcTriggers } from '../vpc-reads.ts'
import { judgePulls, type PullReach } from '../vpc-workloads.ts'

/** A pull that works over the internet costs more and shows more than one through endpoints. */
export const rule = defineRule({
  id: 'vpc-image-pulls-private',
  area: 'vpc',
  title: 'Images are pulled without crossing the internet gateway',
  severity: 'MEDIUM',
  why: 'Pulls through NAT are charged by the gigabyte, stop when the NAT gateway does, and need an open way to the internet that other traffic can use.',
  fix: 'Create interface endpoints for ecr.api and ecr.dkr and a gateway endpoint for S3, associated with the route tables of the workloads.',
  notes: [
    'Speaks of pulls that work; what does not work is said by the other rules of the area.',
    'Images of another region are left out: their layers cannot come through a gateway endpoint.',
    'So are layers for subnets without IPv4: gateway endpoints carry nothing else.',
  ],
  judges: 'AWS::EC2::VPC',
  reads: vpcReads(),
  triggers: vpcTriggers(),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html',
  parameters: noParameters,
  evaluate: (vpc, context) =>
    judgePulls(vpc, context, (pulls) =>
      verdictOnPulls(pulls, (pull) => outcomeOf(pull, context), {
        good: 'Pulls stay private',
        none: 'No pull of an image of its own region works, whichever way.',
      }),
    ),
})

function outcomeOf(pull: PullReach, { inventory }: RuleContext): PullOutcome {
  const { reach, workload, source } = pull
  if (reach.destination.region !== workload.scope.region || reach.verdict === 'blocked') return { kind: 'skip' }
  // Gateway endpoints carry IPv4 only: without it layers have no private way.
  const isIpv6Only = inventory.network.subnet(source.subnetId)?.ipv6Native === true
  if (isIpv6Only && reach.destination.kind === 's3.layers') return { kind: 'skip' }
  const working = reach.paths.filter(({ verdict }) => verdict === 'reachable')
  if (working.some(endsInside)) return { kind: 'good' }
  const [taken] = working
  const mayBePrivate = reach.paths.some((path) => endsInside(path) && path.verdict === 'unknown')
  if (taken === undefined || mayBePrivate) return { kind: 'open', missing: missingOfReach(pull) }
  const { host, serviceName, kind } = reach.destination
  const unused = reach.paths.find((path) => isPrivate(path) && path.decidedBy.fix !== undefined)
  const gateway = `Create a gateway endpoint for ${serviceName ?? host} and associate the route table of ${source.subnetId} with it`
  return {
    kind: 'bad',
    because: `Requests leave over the internet by ${taken.via} to`,
    host,
    fix:
      unused?.decidedBy.fix ??
      (kind === 's3.layers' ? gateway : `Create an interface endpoint for ${serviceName ?? host} with private DNS`),
    evidence: evidenceOfPath(taken),
  }
}

/** What a NAT gateway sends into an endpoint of its VPC meets no internet gateway. */
function endsInside(path: ReachPath): boolean {
  return endpointIdOf(path) !== undefined
}
