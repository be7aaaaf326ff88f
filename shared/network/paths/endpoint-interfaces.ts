import type { Subnet, VpcEndpoint } from '../../inventory/network.ts'
import { https } from '../ports.ts'
import { asRemote, type SourceSide, sourceAcl, sourceGroups } from '../source-side.ts'
import { agreement } from '../steps/agreement.ts'
import { type Answer, dependsOn, passes } from '../steps/answer.ts'
import { placesOf } from '../steps/endpoint.ts'
import { aclStep } from '../steps/network-acl.ts'
import { groupsStep } from '../steps/security-group.ts'
import { subnetTarget, type Target, withReferences } from '../target.ts'

/**
 * What stands between a source and the network interfaces of an endpoint: the route, which `routeTo` judges, the groups and
 * network ACL of the source, those of the endpoint. `referencesNeed` as in `Target`. A lone answer when nobody can tell.
 */
export function interfaceAnswers(
  side: SourceSide,
  endpoint: VpcEndpoint,
  routeTo: (target: Target) => Answer,
  referencesNeed?: string,
): readonly Answer[] {
  const places = placesOf(side.topology, endpoint)
  if (places.kind === 'not') return [places.answer]
  const { subnets, groupIds } = places
  const target = targetIn(side, subnets, groupIds)
  const remote = asRemote(side)
  if (target === undefined || remote === undefined) return [noAddress(side, endpoint)]
  return [
    routeTo(target),
    sourceGroups(side, withReferences(target, referencesNeed)),
    sourceBorder(side, subnets, groupIds),
    groupsStep(side.topology, 'target', groupIds, withReferences(remote, referencesNeed)),
    agreement(
      'targetNetworkAcl',
      endpoint.id,
      subnets.map((subnet) => targetAcl(side, subnet, remote)),
    ),
  ]
}

function targetIn(
  side: SourceSide,
  subnets: readonly Subnet[],
  groupIds: readonly string[] | undefined,
): Target | undefined {
  const ids = subnets.map(({ id }) => id).join(',')
  return side.topology.remember(`target|${ids}|${side.version}|${groupIds?.join(',') ?? '?'}`, () =>
    subnetTarget(subnets, side.version, groupIds),
  )
}

function noAddress({ version, subnet }: SourceSide, { id }: VpcEndpoint): Answer {
  const missing = `IPv${version} addresses of ${id} and ${subnet.id}`
  return dependsOn('endpoint', 'addresses-unknown', `The ${missing} are not known`, [missing])
}

/** Traffic to interfaces in the own subnet passes no network ACL; which interface is taken is up to the resolver. */
function sourceBorder(side: SourceSide, subnets: readonly Subnet[], groupIds: readonly string[] | undefined): Answer {
  const inside = subnets.filter(({ id }) => id === side.subnet.id).map(() => sourceAcl(side, undefined))
  const outside = subnets
    .filter(({ id }) => id !== side.subnet.id)
    .map((subnet) => {
      const target = targetIn(side, [subnet], groupIds)
      return target === undefined ? sourceAcl(side, undefined) : sourceAcl(side, target)
    })
  return agreement('sourceNetworkAcl', 'the endpoint', [...inside, ...outside])
}

function targetAcl(side: SourceSide, subnet: Subnet, remote: Target): Answer {
  if (subnet.id === side.subnet.id) {
    return passes('targetNetworkAcl', 'same-subnet', `Traffic within ${subnet.id} passes no network ACL`)
  }
  return aclStep(side.topology, 'targetNetworkAcl', subnet, [
    { egress: false, ports: https, remote },
    { egress: true, ports: side.ephemeral, remote },
  ])
}
