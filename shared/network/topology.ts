import type { Inventory } from '../inventory/inventory.ts'
import type {
  DhcpOptions,
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInventory,
  NetworkResource,
  NetworkType,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
  VpcEndpoint,
} from '../inventory/network.ts'
import { type Fact, known, unknown } from '../model/fact.ts'
import type { Scope } from '../model/resource.ts'
import { type AddressRange, rangesOf } from './addresses.ts'

/** What a topology is made from; a whole inventory is one. */
export type TopologySource = Pick<Inventory, 'network'>

/** A prefix list as far as it is known. */
export interface ResolvedPrefixList {
  /** `com.amazonaws.eu-central-1.s3` for a list of AWS. */
  readonly service: string | undefined
  /** Undefined when the entries are not known. */
  readonly ranges: readonly AddressRange[] | undefined
}

/** Indexes over the network of an inventory, and a memory for answers about it. */
export interface Topology {
  readonly network: NetworkInventory
  readonly securityGroups: ReadonlyMap<string, SecurityGroup>
  readonly natGateways: ReadonlyMap<string, NatGateway>
  readonly endpoints: ReadonlyMap<string, VpcEndpoint>
  readonly dhcpOptions: ReadonlyMap<string, DhcpOptions>
  readonly internetGateways: ReadonlyMap<string, InternetGateway>
  vpc(id: string): Vpc | undefined
  subnet(id: string): Subnet | undefined
  endpointsOf(vpcId: string): readonly VpcEndpoint[]
  /** The explicitly associated route table, else the VPC's main one. Unknown names what is missing. */
  routeTableOf(subnet: Subnet): Fact<RouteTable>
  networkAclOf(subnet: Subnet): Fact<NetworkAcl>
  /** The group every VPC is born with. */
  defaultGroupOf(vpcId: string): SecurityGroup | undefined
  prefixList(id: string): ResolvedPrefixList
  /** The entries of an AWS list by its name; undefined when not known. */
  serviceRanges(service: string): readonly AddressRange[] | undefined
  /** Whether all resources of a type are known in the account that owns a VPC or subnet. */
  listed(resourceType: NetworkType, owner: Vpc | Subnet): Fact<true>
  /** The answer kept under a key, made once. */
  remember<T>(key: string, make: () => T): T
}

const made = new WeakMap<TopologySource, Topology>()

/** The topology of an inventory; made once per inventory. */
export function topologyOf(source: TopologySource): Topology {
  const kept = made.get(source)
  if (kept !== undefined) return kept
  const topology = build(source.network)
  made.set(source, topology)
  return topology
}

function build(network: NetworkInventory): Topology {
  const memory = new Map<string, unknown>()
  const vpcs = byId(network.vpcs)
  const subnets = byId(network.subnets)
  const endpoints = byId(network.vpcEndpoints)
  const endpointsByVpc = groupBy([...endpoints.values()], ({ vpcId }) => vpcId)
  const groups = byId(network.securityGroups)
  const defaults = new Map([...groups.values()].filter(({ name }) => name === 'default').map((one) => [one.vpcId, one]))
  const tables = attachments([...byId(network.routeTables).values()], (table) =>
    table.associations.state === 'known' ? table.associations.value.subnetIds : undefined,
  )
  const acls = attachments([...byId(network.networkAcls).values()], (acl) =>
    acl.subnetIds.state === 'known' ? acl.subnetIds.value : undefined,
  )
  const lists = prefixLists(network, endpoints)
  const listed = (type: NetworkType, owner: Vpc | Subnet) => listing(network, type, owner, remember)
  function remember<T>(key: string, make: () => T): T {
    if (memory.has(key)) return memory.get(key) as T
    const value = make()
    memory.set(key, value)
    return value
  }
  return {
    network,
    securityGroups: groups,
    natGateways: byId(network.natGateways),
    endpoints,
    dhcpOptions: byId(network.dhcpOptions),
    internetGateways: byId(network.internetGateways),
    vpc: (id) => vpcs.get(id),
    subnet: (id) => subnets.get(id),
    endpointsOf: (vpcId) => endpointsByVpc.get(vpcId) ?? [],
    routeTableOf: (subnet) =>
      attachedTo(tables, subnet, listed('AWS::EC2::RouteTable', subnet), 'route table', (table) =>
        table.associations.state === 'known' ? table.associations.value.isMain : false,
      ),
    networkAclOf: (subnet) =>
      attachedTo(acls, subnet, listed('AWS::EC2::NetworkAcl', subnet), 'network ACL', ({ isDefault }) => isDefault),
    defaultGroupOf: (vpcId) => defaults.get(vpcId),
    prefixList: (id) => lists.byId.get(id) ?? { service: undefined, ranges: undefined },
    serviceRanges: (service) => lists.byService.get(service),
    listed,
    remember,
  }
}

/** The item in the files of the owner is preferred: participants of a shared VPC see less. */
function byId<T extends NetworkResource>(resources: readonly T[]): ReadonlyMap<string, T> {
  const index = new Map<string, T>()
  for (const resource of resources) {
    if (!index.has(resource.id) || resource.ref.accountId === resource.ownerId) index.set(resource.id, resource)
  }
  return index
}

interface Attachments<T> {
  readonly bySubnet: ReadonlyMap<string, T>
  readonly byVpc: ReadonlyMap<string, readonly T[]>
  /** VPCs with one whose subnets are not known. */
  readonly open: ReadonlySet<string>
}

function attachments<T extends { readonly vpcId: string }>(
  resources: readonly T[],
  subnetsOf: (resource: T) => readonly string[] | undefined,
): Attachments<T> {
  const bySubnet = new Map<string, T>()
  const open = new Set<string>()
  for (const resource of resources) {
    const subnetIds = subnetsOf(resource)
    if (subnetIds === undefined) open.add(resource.vpcId)
    for (const id of subnetIds ?? []) bySubnet.set(id, resource)
  }
  return { bySubnet, byVpc: groupBy(resources, ({ vpcId }) => vpcId), open }
}

function attachedTo<T>(
  index: Attachments<T>,
  subnet: Subnet,
  listed: Fact<true>,
  what: string,
  isFallback: (resource: T) => boolean,
): Fact<T> {
  const explicit = index.bySubnet.get(subnet.id)
  if (explicit !== undefined) return known(explicit)
  const missing = `${what} of ${subnet.id}`
  if (index.open.has(subnet.vpcId) || listed.state === 'unknown') return unknown(missing)
  const fallback = index.byVpc.get(subnet.vpcId)?.find(isFallback)
  return fallback === undefined ? unknown(missing) : known(fallback, listed.assumptions)
}

function listing(
  network: NetworkInventory,
  type: NetworkType,
  owner: Vpc | Subnet,
  remember: Topology['remember'],
): Fact<true> {
  const scope: Scope = { accountId: owner.ownerId, region: owner.ref.region }
  return remember(`listed|${type}|${scope.accountId}|${scope.region}`, () => {
    const fact = network.listing(type, scope)
    return fact.state === 'unknown' ? fact : known(true as const, fact.assumptions)
  })
}

interface PrefixLists {
  readonly byId: ReadonlyMap<string, ResolvedPrefixList>
  readonly byService: ReadonlyMap<string, readonly AddressRange[]>
}

/** A route from a prefix list to a gateway endpoint tells which service the list is of, when the list itself is not there. */
function prefixLists(network: NetworkInventory, endpoints: ReadonlyMap<string, VpcEndpoint>): PrefixLists {
  const lists = new Map<string, ResolvedPrefixList>()
  const byService = new Map<string, readonly AddressRange[]>()
  for (const { id, name, cidrs } of network.prefixLists) {
    const service = name.startsWith('com.amazonaws.') ? name : undefined
    const entries = cidrs.state === 'known' ? rangesOf(cidrs.value) : undefined
    const ranges = service !== undefined && entries?.length === 0 ? undefined : entries
    lists.set(id, { service, ranges })
    if (service !== undefined && ranges !== undefined) byService.set(service, ranges)
  }
  for (const { routes } of network.routeTables) {
    for (const { destination, target } of routes.state === 'known' ? routes.value : []) {
      if (!('prefixListId' in destination) || target.kind !== 'vpcEndpoint') continue
      const endpoint = endpoints.get(target.id)
      if (endpoint?.type !== 'Gateway' || lists.get(destination.prefixListId)?.service !== undefined) continue
      const service = endpoint.serviceName
      lists.set(destination.prefixListId, { service, ranges: byService.get(service) })
    }
  }
  return { byId: lists, byService }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
