import type { Inventory } from '../../shared/inventory/inventory.ts'
import type { Subnet } from '../../shared/inventory/network.ts'
import { parseArn } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import { absent, type Fact, known, unknown } from '../../shared/model/fact.ts'
import type { PullToTrace } from '../../shared/pull/trace-types.ts'
import type { Puller } from '../../shared/pull/types.ts'
import { workloadGround } from '../../shared/pull/workload-ground.ts'
import { type InterfaceTraits, placedIn } from '../../shared/pull/workload-interfaces.ts'
import type { Workload } from '../../shared/pull/workloads.ts'
import type { Compute, NewWorkload } from './question.ts'

interface Kind {
  readonly type: Workload['type']
  readonly name: string
  readonly compute: Workload['compute']
  readonly puller: Puller
}

const kinds: Readonly<Record<Compute, Kind>> = {
  fargate: { type: 'AWS::ECS::Service', name: 'new Fargate task', compute: 'fargateTask', puller: 'fargateTask' },
  'ecs-ec2': {
    type: 'AWS::ECS::Service',
    name: 'new task on a container instance',
    compute: 'containerInstance',
    puller: 'ecsInstance',
  },
  'eks-node': { type: 'AWS::EKS::Nodegroup', name: 'new pod on a node', compute: 'node', puller: 'eksNode' },
  'eks-fargate': {
    type: 'AWS::EKS::FargateProfile',
    name: 'new pod on Fargate',
    compute: 'fargatePod',
    puller: 'eksFargatePod',
  },
}

/**
 * The pull of a workload that does not exist yet.
 * @throws InputError when a subnet is not in the files, or the subnets lie in several VPCs
 */
export function newPull(wanted: NewWorkload, inventory: Inventory): PullToTrace {
  const { type, name, compute, puller } = kinds[wanted.compute]
  const first = subnetsInOneVpc(wanted.subnets, inventory)
  const accountId = parseArn(wanted.role)?.accountId ?? first.ref.accountId
  const strays = strayGroups(wanted, first, inventory)
  const traits: InterfaceTraits = {
    scope: { accountId, region: first.ref.region },
    groups: groupsOf(wanted, strays),
    publicIp: publicIpOf(wanted),
    operatingSystem: 'linux',
    usesIpv6: compute === 'containerInstance' || compute === 'node',
  }
  const { interfaces, unplaced } = placedIn(workloadGround(inventory), wanted.subnets, traits)
  const assumptions = traits.groups.state === 'absent' ? [defaultGroup(first)] : strays
  return {
    workload: { type, arn: '', name, scope: traits.scope, compute, platformVersion: undefined },
    image: wanted.image,
    interfaces,
    unplaced,
    pullers: known([{ roleName: wanted.role, puller }]),
    ...(assumptions.length === 0 ? {} : { assumptions }),
  }
}

function subnetsInOneVpc(ids: readonly string[], { network }: Inventory): Subnet {
  const found = ids.map((id) => {
    const subnet = network.subnet(id)
    if (subnet === undefined) throw new InputError(`--subnet: ${id}: the files hold no such subnet`)
    return subnet
  })
  const [first] = found
  if (first === undefined) throw new InputError('--subnet: missing')
  const stray = found.find(({ vpcId }) => vpcId !== first.vpcId)
  if (stray === undefined) return first
  throw new InputError(
    `--subnet: ${first.id} lies in ${first.vpcId} and ${stray.id} in ${stray.vpcId}; expected one VPC`,
  )
}

/** ECS uses the VPC's default group where none is named; EKS the group of the cluster, which nobody named. */
function groupsOf({ securityGroups, compute }: NewWorkload, strays: readonly string[]): Fact<readonly string[]> {
  if (strays.length > 0) return unknown(strays.join('; '))
  if (securityGroups.length > 0) return known(securityGroups)
  return compute === 'fargate' || compute === 'ecs-ec2' ? absent() : unknown('no --security-group is named')
}

/** Only an association with the other VPC, which AWS Config does not record, lets a group be used there. */
function strayGroups({ securityGroups }: NewWorkload, { vpcId }: Subnet, { network }: Inventory): readonly string[] {
  return network.securityGroups
    .filter((group) => securityGroups.includes(group.id) && group.vpcId !== vpcId)
    .map(
      ({ id, vpcId: other }) =>
        `assumes nothing of ${id}: it belongs to ${other}, and whether ${vpcId} may use it is not known`,
    )
}

/** Of instances the subnet decides unless the option says so. */
function publicIpOf({ publicIp, compute }: NewWorkload): Fact<boolean> {
  return publicIp || compute === 'fargate' || compute === 'eks-fargate' ? known(publicIp) : absent()
}

function defaultGroup({ vpcId }: Subnet): string {
  return `assumes the default security group of ${vpcId}, because no --security-group is named`
}
