import type { Vpc } from '../../inventory/network.ts'
import type { Topology } from '../topology.ts'

/** Who answers a VPC's DNS queries. */
export type DnsServers =
  | { readonly kind: 'amazon'; readonly assumptions: readonly string[] }
  | { readonly kind: 'custom' | 'none' | 'unknown'; readonly missing: string }

/** Reads a VPC's DHCP options; options that are nowhere described are taken to be AWS's, and the answer says so. */
export function dnsServersOf(topology: Topology, vpc: Vpc): DnsServers {
  const id = vpc.dhcpOptionsId
  // AWS takes the word for no options at all: interfaces are told of no server.
  if (id === 'default') return { kind: 'none', missing: `DNS servers that clients in ${vpc.id} ask` }
  const options = id === undefined ? undefined : topology.dhcpOptions.get(id)
  if (options === undefined) {
    return { kind: 'amazon', assumptions: [`assumes that ${vpc.id} uses AmazonProvidedDNS`] }
  }
  const servers = options.domainNameServers
  if (servers.state !== 'known') return { kind: 'unknown', missing: `DNS servers of ${options.id}` }
  const amazon = amazonResolvers(vpc)
  const custom = servers.value.filter((server) => !amazon.has(server.toLowerCase()))
  if (custom.length === 0 && servers.value.length > 0) return { kind: 'amazon', assumptions: [] }
  return { kind: 'custom', missing: `how the custom DNS servers of ${vpc.id} (${options.id}) resolve names` }
}

/** The resolver of AWS by its name, or by one of its addresses: link-local, and two after the base of the first CIDR. */
function amazonResolvers({ cidrs }: Vpc): ReadonlySet<string> {
  const base = /^(\d+\.\d+\.\d+)\.(\d+)\//.exec(cidrs[0] ?? '')
  const reserved = base === null ? [] : [`${base[1]}.${Number(base[2]) + 2}`]
  return new Set(['amazonprovideddns', '169.254.169.253', 'fd00:ec2::253', ...reserved])
}
