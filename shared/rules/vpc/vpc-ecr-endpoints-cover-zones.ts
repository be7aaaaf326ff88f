import { listed } from '../../model/quote.ts'
import type { MissingFact } from '../../model/verdict.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { endpointNamed, isRegistryHost, isTaken } from '../pull-paths.ts'
import { type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
import { vpcReads, vpcTriggers } from '../vpc-reads.ts'
import { judgePulls, type PullReach } from '../vpc-workloads.ts'

/** An endpoint serves every zone of its VPC, but falls with the zones its interfaces are in. */
export const rule = defineRule({
  id: 'vpc-ecr-endpoints-cover-zones',
  area: 'vpc',
  title: 'Endpoints for ECR have an interface in every zone of the workloads',
  severity: 'LOW',
  why: 'Pulls from another zone work and are charged as traffic between zones; when the zone of the endpoint fails, no zone can pull.',
  fix: 'Add a subnet of each availability zone in which workloads run to the endpoint.',
  notes: ['A zone without an interface of the endpoint is not broken: requests cross zones inside the VPC.'],
  judges: 'AWS::EC2::VPC',
  reads: vpcReads(),
  triggers: vpcTriggers(),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html',
  parameters: noParameters,
  evaluate: (vpc, context) =>
    judgePulls(vpc, context, (pulls) =>
      verdictOnPulls(pulls, (pull) => outcomeOf(pull, context), {
        good: 'Endpoints for ECR have an interface in every zone',
        none: 'It has no interface endpoint for ECR that workloads use.',
      }),
    ),
})

function outcomeOf(pull: PullReach, { inventory }: RuleContext): PullOutcome {
  const { reach, source } = pull
  const used = reach.paths.filter((path) => path.kind === 'privateEndpoint' && isTaken(path))
  if (!isRegistryHost(pull) || used.length === 0) return { kind: 'skip' }
  const zone = inventory.network.subnet(source.subnetId)?.zone
  if (zone === undefined || zone === '') return open(`the availability zone of ${source.subnetId}`)
  const covered = used.map(({ via }) => zonesOf(via, inventory))
  const zones = covered.flatMap((one) => one.zones)
  if (zones.includes(zone)) return { kind: 'good' }
  const unknownZones = covered.flatMap((one) => one.missing)
  if (unknownZones.length > 0) return { kind: 'open', missing: unknownZones }
  const ids = listed(used.map(({ via }) => via))
  return {
    kind: 'bad',
    because: `The endpoint ${ids} for ${reach.destination.host} has no interface in ${zone}, only in ${listed([...new Set(zones)])}; pulls work across zones`,
    evidence: used.map(({ via }) => ({
      source: `interface endpoint ${via}`,
      detail: `has interfaces in ${listed([...new Set(zonesOf(via, inventory).zones)])}`,
    })),
    fix: `Add a subnet in ${zone} to the endpoint ${ids}`,
  }
}

function zonesOf(
  endpointId: string,
  inventory: RuleContext['inventory'],
): { readonly zones: readonly string[]; readonly missing: readonly MissingFact[] } {
  const subnetIds = endpointNamed(endpointId, inventory)?.subnetIds
  if (subnetIds?.state !== 'known') {
    const fact = subnetIds?.state === 'unknown' ? missing(`subnets of ${endpointId}`, subnetIds) : undefined
    return { zones: [], missing: [fact ?? lasting(`the subnets of ${endpointId}`)] }
  }
  const subnets = subnetIds.value.map((id) => ({ id, zone: inventory.network.subnet(id)?.zone ?? '' }))
  return {
    zones: subnets.map(({ zone }) => zone).filter((zone) => zone !== ''),
    missing: subnets.filter(({ zone }) => zone === '').map(({ id }) => lasting(`the availability zone of ${id}`)),
  }
}

function open(reason: string): PullOutcome {
  return { kind: 'open', missing: [lasting(reason)] }
}

function lasting(reason: string): MissingFact {
  return { reason, transience: 'lasting' }
}
