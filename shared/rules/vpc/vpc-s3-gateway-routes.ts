import { explainReach, fixFor } from '../../network/explain.ts'
import { defineRule } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { evidenceOfPath, missingOfReach, type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
import { vpcReads, vpcTriggers } from '../vpc-reads.ts'
import { judgePulls, type PullReach } from '../vpc-workloads.ts'

/** Layers come from a bucket: endpoints for ECR alone pull nothing. */
export const rule = defineRule({
  id: 'vpc-s3-gateway-routes',
  area: 'vpc',
  title: 'Subnets of workloads have a way to the bucket of the image layers',
  severity: 'HIGH',
  why: 'ECR hands out addresses in S3 for the layers: without a gateway endpoint in the route table of the subnet, or another way, a pull stops after the manifest.',
  fix: 'Associate the S3 gateway endpoint with the effective route table of every subnet, and allow TCP 443 to its prefix list in the security groups.',
  notes: [
    'A subnet without a route table of its own uses the main one of the VPC.',
    'AWS says that interface endpoints for S3 cannot be used with ECR: with full private DNS the verdict stays open.',
    'A NAT gateway is a way; vpc-image-pulls-private speaks of it.',
  ],
  judges: 'AWS::EC2::VPC',
  reads: vpcReads(),
  triggers: vpcTriggers(),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway',
  parameters: noParameters,
  evaluate: (vpc, context) =>
    judgePulls(vpc, context, (pulls) =>
      verdictOnPulls(pulls, outcomeOf, {
        good: 'The bucket of the image layers is reachable',
        none: 'No workload in it pulls images of ECR.',
      }),
    ),
})

function outcomeOf(pull: PullReach): PullOutcome {
  const { reach } = pull
  if (reach.destination.kind !== 's3.layers') return { kind: 'skip' }
  switch (reach.verdict) {
    case 'reachable':
      return { kind: 'good' }
    case 'unknown':
      return { kind: 'open', missing: missingOfReach(pull) }
    case 'blocked':
      return {
        kind: 'bad',
        because: explainReach(reach),
        fix: (isWithoutAddress(pull) ? undefined : fixFor(reach)) ?? newGateway(pull),
        evidence: reach.paths.flatMap(evidenceOfPath),
      }
    default:
      return reach.verdict satisfies never
  }
}

/** Pods on Fargate cannot have a public address, and nothing else needs one for its layers. */
function isWithoutAddress({ reach, workload }: PullReach): boolean {
  if (reach.destination.region !== workload.scope.region) return false
  return reach.paths.every(({ decidedBy }) => decidedBy.code === 'no-public-ip')
}

function newGateway({ reach, source }: PullReach): string {
  const { serviceName } = reach.destination
  return `Create a gateway endpoint for ${serviceName ?? 'S3'} and associate the route table of ${source.subnetId} with it`
}
