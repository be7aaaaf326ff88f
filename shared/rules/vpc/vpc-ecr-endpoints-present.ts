import type { Vpc } from '../../inventory/network.ts'
import { clip } from '../../model/quote.ts'
import { fixFor } from '../../network/explain.ts'
import type { Reach, ReachPath } from '../../network/types.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { isNameless, isRegistryHost, isTaken, ownEndpoints, stepOf } from '../pull-paths.ts'
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
    'For images of another region any way is enough: their layers cannot come through a gateway endpoint.',
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
      verdictOnPulls(pulls, (pull) => outcomeOf(pull, vpc, context), {
        good: 'There is a way to ECR',
        none: 'No workload in it pulls images of ECR.',
      }),
    ),
})

function outcomeOf(pull: PullReach, { id }: Vpc, { inventory, settings }: RuleContext): PullOutcome {
  const { reach, workload } = pull
  const requirePrivate = settings.network.requirePrivate && reach.destination.region === workload.scope.region
  if (!isRegistryHost(pull)) return { kind: 'skip' }
  if (isNameless(pull) && ownEndpoints(id, pull, inventory).length > 0) return { kind: 'good' }
  const ways = reach.paths.map(presence)
  if (ways.includes('there')) return { kind: 'good' }
  if (ways.includes('open')) return { kind: 'open', missing: missingOfReach(pull) }
  if (reach.verdict === 'reachable' && !requirePrivate) return { kind: 'good' }
  if (reach.verdict === 'unknown' && !(requirePrivate && onlyInternetIsOpen(reach))) {
    return { kind: 'open', missing: missingOfReach(pull) }
  }
  return {
    kind: 'bad',
    ...becauseOf(reach),
    fix: (requirePrivate ? privateFix(reach) : fixFor(reach)) ?? newEndpoint(reach, id),
    evidence: reach.paths.flatMap(evidenceOfPath),
  }
}

/** An endpoint in service counts whether or not requests get through to it. */
function presence(path: ReachPath): 'there' | 'open' | 'no' {
  if (path.kind !== 'privateEndpoint' && path.kind !== 'centralEndpoint') return 'no'
  if (path.verdict === 'unknown' && path.kind === 'centralEndpoint') return 'open'
  if (path.kind === 'centralEndpoint') return isTaken(path) ? 'there' : 'no'
  const state = stepOf(path, 'endpoint')?.verdict ?? path.verdict
  return state === 'blocked' ? 'no' : state === 'unknown' ? 'open' : 'there'
}

/** No private way can come of what is not known when only ways over the internet are open. */
function onlyInternetIsOpen({ paths }: Reach): boolean {
  const open = paths.filter(({ verdict }) => verdict === 'unknown')
  const isInternet = ({ kind, decidedBy }: ReachPath) =>
    (kind === 'natGateway' || kind === 'internetGateway') && decidedBy.step !== 'dns'
  return open.length > 0 && open.every(isInternet)
}

function becauseOf({ destination, verdict, paths }: Reach): { readonly because: string; readonly host?: string } {
  const { host } = destination
  const dead = paths.find((path) => path.kind === 'privateEndpoint')
  if (dead !== undefined)
    return { because: `The endpoint ${dead.via} is not in service, so no private way leads to`, host }
  const central = paths.find((path) => path.kind === 'centralEndpoint')
  if (central !== undefined)
    return { because: `${clip(central.decidedBy.reason)}: no central endpoint is there for`, host }
  const [taken] = paths
  if (verdict === 'blocked') return { because: 'There is no way to', host }
  const only = verdict === 'reachable' && taken !== undefined ? `, only the one by ${taken.via},` : ''
  return { because: `There is no private way${only} to`, host }
}

/** Mending a way over the internet would leave the VPC without a private one. */
function privateFix({ paths }: Reach): string | undefined {
  const mendable = paths.find(
    ({ kind, decidedBy }) =>
      kind === 'privateEndpoint' ||
      kind === 'centralEndpoint' ||
      (kind === 'other' && (decidedBy.step === 'dns' || decidedBy.code === 'no-ipv4-address')),
  )
  return mendable?.verdict === 'blocked' ? mendable.decidedBy.fix : undefined
}

function newEndpoint({ destination }: Reach, vpcId: string): string {
  const { serviceName, host } = destination
  if (serviceName === undefined) return `No endpoint serves ${host}: name the images by the registry's plain host`
  return `Create an interface endpoint for ${serviceName} with private DNS in ${vpcId}, in a subnet of each availability zone of the workloads, its security group open to TCP 443 from them`
}
