import { fixFor } from '../../network/explain.ts'
import type { Reach, ReachPath } from '../../network/types.ts'
import { defineRule } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { isRegistryHost, stepOf } from '../pull-paths.ts'
import { evidenceOfPath, missingOfReach, type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
import { vpcReads, vpcTriggers } from '../vpc-reads.ts'
import { judgePulls, type PullReach } from '../vpc-workloads.ts'

/** Without an endpoint of its own or a central one, a pull leaves the network of AWS's customer, or does not work at all. */
export const rule = defineRule({
  id: 'vpc-ecr-endpoints-present',
  area: 'vpc',
  title: 'VPCs that pull images have a private way to ECR',
  severity: 'HIGH',
  why: 'Without endpoints for ecr.api and ecr.dkr images are pulled over the internet, or tasks stop with CannotPullContainerError where there is no way out.',
  fix: 'Create interface endpoints for ecr.api and ecr.dkr with private DNS in the VPC, or associate it with the hosted zones of central ones.',
  notes: [
    'ecr.api is not needed by Fargate tasks of Linux platform versions up to 1.3.0.',
    'A NAT gateway is a way, but no private one: it is enough only with requirePrivate: false in the settings.',
    'Central endpoints that the inventory does not show can be stated in the settings; verdicts list them as an assumption.',
    'Whether names resolve to an endpoint and whether it lets requests in is said by other rules.',
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
      verdictOnPulls(pulls, (pull) => outcomeOf(pull, context.settings.network.requirePrivate), {
        good: 'There is a way to ECR',
        none: 'No workload in it pulls images of ECR.',
      }),
    ),
})

function outcomeOf(pull: PullReach, requirePrivate: boolean): PullOutcome {
  const { reach } = pull
  if (!isRegistryHost(pull)) return { kind: 'skip' }
  const ways = reach.paths.map(presence)
  if (ways.includes('there')) return { kind: 'good' }
  if (ways.includes('open')) return { kind: 'open', missing: missingOfReach(pull) }
  if (reach.verdict === 'reachable' && !requirePrivate) return { kind: 'good' }
  if (reach.verdict === 'unknown' && !(requirePrivate && onlyInternetIsOpen(reach))) {
    return { kind: 'open', missing: missingOfReach(pull) }
  }
  return { kind: 'bad', because: becauseOf(reach), fix: fixOf(pull), evidence: reach.paths.flatMap(evidenceOfPath) }
}

/** An endpoint in service counts whether or not requests get through to it. */
function presence(path: ReachPath): 'there' | 'open' | 'no' {
  if (path.kind !== 'privateEndpoint' && path.kind !== 'centralEndpoint') return 'no'
  if (path.kind === 'centralEndpoint') return path.verdict === 'unknown' ? 'open' : 'there'
  const state = stepOf(path, 'endpoint')?.verdict ?? 'reachable'
  return state === 'blocked' ? 'no' : state === 'unknown' ? 'open' : 'there'
}

/** No private way can come of what is not known when only ways over the internet are open. */
function onlyInternetIsOpen({ paths }: Reach): boolean {
  const open = paths.filter(({ verdict }) => verdict === 'unknown')
  const isInternet = ({ kind, decidedBy }: ReachPath) =>
    (kind === 'natGateway' || kind === 'internetGateway') && decidedBy.step !== 'dns'
  return open.length > 0 && open.every(isInternet)
}

function becauseOf({ destination, verdict, paths }: Reach): string {
  const dead = paths.find((path) => path.kind === 'privateEndpoint')
  if (dead !== undefined) return `The endpoint ${dead.via} for ${destination.host} is not in service`
  const none = `There is no private way to ${destination.host}`
  const [taken] = paths
  if (verdict === 'reachable' && taken !== undefined) return `${none}, only the one by ${taken.via}`
  return verdict === 'blocked' ? `There is no way to ${destination.host}` : none
}

function fixOf({ reach }: PullReach): string {
  const { serviceName, host } = reach.destination
  return (
    fixFor(reach) ??
    `Create an interface endpoint for ${serviceName ?? host} with private DNS, in a subnet of each availability zone of the workloads, its security group open to TCP 443 from them`
  )
}
