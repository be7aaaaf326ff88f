import type { Inventory } from '../../shared/inventory/inventory.ts'
import { parseArn } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { SourceInterface } from '../../shared/network/types.ts'
import { imageWorkloads, type Workload } from '../../shared/pull/workloads.ts'

/** What `--from` and its companions say. */
export type From =
  | {
      readonly kind: 'subnet'
      readonly id: string
      /** Undefined: not said, so not known. */
      readonly securityGroupIds: readonly string[] | undefined
      readonly hasPublicIp: boolean
    }
  | { readonly kind: 'networkInterface'; readonly id: string }
  | { readonly kind: 'workload'; readonly arn: string }

/** Where the question starts. */
export interface Origin {
  readonly name: string
  readonly region: string
  /** One per subnet; the scheduler may pick any of them. */
  readonly sources: readonly SourceInterface[]
  /** Why where it starts is not known in full, one sentence each without a full stop. */
  readonly unplaced: readonly string[]
  /** What starts there: its role and images are asked about at endpoints. Empty for subnets and interfaces. */
  readonly workloads: readonly Workload[]
}

const expected = 'expected subnet-…, eni-… or the ARN of an ECS service, EKS node group or EKS Fargate profile'

/** @throws InputError when the text is none of them, or an option does not go with it */
export function parseFrom(text: string, securityGroups: readonly string[], publicIp: boolean): From {
  const from = kindOf(text, securityGroups, publicIp)
  if (from.kind === 'subnet') return from
  if (securityGroups.length > 0)
    throw new InputError('--security-group: only goes with a subnet; an interface or workload has its own')
  if (publicIp) throw new InputError('--public-ip: only goes with a subnet; an interface or workload says so itself')
  return from
}

function kindOf(text: string, securityGroups: readonly string[], hasPublicIp: boolean): From {
  const arn = parseArn(text)
  const id = arn?.service === 'ec2' ? arn.resource.slice(arn.resource.lastIndexOf('/') + 1) : text
  if (/^subnet-[0-9a-z]+$/.test(id)) {
    const securityGroupIds = securityGroups.length === 0 ? undefined : securityGroups
    return { kind: 'subnet', id, securityGroupIds, hasPublicIp }
  }
  if (/^eni-[0-9a-z]+$/.test(id)) return { kind: 'networkInterface', id }
  if (arn?.service === 'ecs' || arn?.service === 'eks') return { kind: 'workload', arn: text }
  throw new InputError(`--from: "${text}": ${expected}`)
}

/** @throws InputError when the files do not hold it */
export function originOf(from: From, inventory: Inventory): Origin {
  switch (from.kind) {
    case 'subnet':
      return originInSubnet(from, inventory)
    case 'networkInterface':
      return originAtInterface(from.id, inventory)
    case 'workload':
      return originOfWorkload(from.arn, inventory)
    default:
      return from satisfies never
  }
}

function originInSubnet(from: From & { readonly kind: 'subnet' }, { network }: Inventory): Origin {
  const subnet = network.subnet(from.id)
  if (subnet === undefined) throw new InputError(`--from: ${from.id}: the files hold no such subnet`)
  const { accountId, region } = subnet.ref
  const { securityGroupIds, hasPublicIp } = from
  const source = { scope: { accountId, region }, subnetId: from.id, securityGroupIds, hasPublicIp, usesIpv6: true }
  // Only an association with the other VPC, which AWS Config does not record, lets a group be used there.
  const unplaced = network.securityGroups
    .filter(({ id, vpcId }) => securityGroupIds?.includes(id) === true && vpcId !== subnet.vpcId)
    .map(({ id, vpcId }) => `${id} belongs to ${vpcId}, and whether ${subnet.vpcId} may use it is not known`)
  return { name: from.id, region, sources: [source], unplaced, workloads: [] }
}

function originAtInterface(id: string, { network }: Inventory): Origin {
  const found = network.networkInterfaces.find((one) => one.id === id)
  if (found === undefined) throw new InputError(`--from: ${id}: the files hold no such network interface`)
  const { accountId, region } = found.ref
  const source: SourceInterface = {
    scope: { accountId, region },
    subnetId: found.subnetId,
    securityGroupIds: found.groupIds.state === 'known' ? found.groupIds.value : undefined,
    hasPublicIp: found.publicIp !== undefined,
    usesIpv6: true,
  }
  return { name: id, region, sources: [source], unplaced: [], workloads: [] }
}

function originOfWorkload(arn: string, inventory: Inventory): Origin {
  const workloads = imageWorkloads(inventory).filter((workload) => workload.arn === arn)
  const [first] = workloads
  if (first === undefined) {
    const types = 'no ECS service, EKS node group or EKS Fargate profile with this ARN'
    throw new InputError(`--from: ${arn}: the files hold ${types}`)
  }
  // A service on several capacity providers is a workload for each; hosts in the same subnet are asked about once.
  const sources = new Map(workloads.flatMap(({ interfaces }) => interfaces.map((one) => [JSON.stringify(one), one])))
  const unplaced = new Set(workloads.flatMap((workload) => workload.unplaced ?? []))
  return {
    name: first.name,
    region: first.scope.region,
    sources: [...sources.values()],
    unplaced: [...unplaced],
    workloads,
  }
}
