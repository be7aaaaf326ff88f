import { clip } from '../../model/quote.ts'
import { defineRule } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { isPrivate, isRegistryHost, isSurelyTaken, isTaken } from '../pull-paths.ts'
import { evidenceOfPath, missingOfReach, type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
import { vpcReads, vpcTriggers } from '../vpc-reads.ts'
import { judgePulls, type PullReach } from '../vpc-workloads.ts'

/** Once a name leads to an endpoint there is no other way: what its groups drop is not pulled. */
export const rule = defineRule({
  id: 'vpc-ecr-endpoints-reachable',
  area: 'vpc',
  title: 'Workloads get through to the endpoints for ECR on port 443',
  severity: 'HIGH',
  why: 'An endpoint takes the name of the registry away from every other way: when a security group or network ACL drops 443, pulls time out although a NAT gateway is there.',
  fix: 'Allow TCP 443 from the workloads in the security group of the endpoint, TCP 443 to it in theirs, and both with the answers in the network ACLs.',
  notes: [
    'Traffic within one subnet does not pass a network ACL.',
    'Security groups and network ACLs do not filter the DNS resolver of AWS.',
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
      verdictOnPulls(pulls, outcomeOf, {
        good: 'The endpoints for ECR are reachable on port 443',
        none: 'No name of ECR leads to an endpoint.',
      }),
    ),
})

function outcomeOf(pull: PullReach): PullOutcome {
  const used = pull.reach.paths.filter((path) => isPrivate(path) && isTaken(path))
  if (!isRegistryHost(pull) || used.length === 0) return { kind: 'skip' }
  if (used.some(({ verdict }) => verdict === 'reachable')) return { kind: 'good' }
  if (used.some((path) => path.verdict === 'unknown' || !isSurelyTaken(path)))
    return { kind: 'open', missing: missingOfReach(pull) }
  return {
    kind: 'bad',
    because: `${used.map(({ decidedBy }) => clip(decidedBy.reason)).join('; ')}, which blocks the way to`,
    host: pull.reach.destination.host,
    fix: used.find(({ decidedBy }) => decidedBy.fix !== undefined)?.decidedBy.fix,
    evidence: used.flatMap(evidenceOfPath),
  }
}
