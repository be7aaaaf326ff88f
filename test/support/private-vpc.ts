import { type EstatePart, home } from './estate.ts'
import { dhcpOptions, prefixList, route, routeTable, subnet, vpc } from './network-builders.ts'
import { gatewayEndpoint, interfaceEndpoint } from './network-endpoint-builders.ts'
import { https, networkAcl, securityGroup } from './network-filter-builders.ts'

/**
 * A small VPC in which image pulls work without the internet: `vpc-1` with the private subnets `subnet-1` and `subnet-2` in two
 * zones, the main route table `rtb-1` that leads to S3, the workloads' group `sg-1`, the endpoints' group `sg-endpoints`, the
 * default group `sg-default`, the network ACL `acl-1`, and the endpoints `vpce-ecr-api`, `vpce-ecr-dkr` and `vpce-s3`.
 * Parts of `with` take the place of those with the same type and id, or are added; ids in `without` are left out.
 */
export function privateVpc(
  options: { readonly with?: readonly EstatePart[]; readonly without?: readonly string[] } = {},
): readonly EstatePart[] {
  const added = options.with ?? []
  const gone = new Set([...added.map(keyOf), ...(options.without ?? [])])
  return [...usualParts().filter((part) => !gone.has(keyOf(part)) && !gone.has(idOf(part))), ...added]
}

function usualParts(): readonly EstatePart[] {
  return [
    vpc(),
    dhcpOptions(),
    prefixList(),
    subnet({ id: 'subnet-1', cidr: '10.0.1.0/24', zone: `${home.region}a` }),
    subnet({ id: 'subnet-2', cidr: '10.0.2.0/24', zone: `${home.region}b` }),
    routeTable({ id: 'rtb-1', main: true, routes: [route('pl-s3', 'vpce-s3')] }),
    networkAcl({ id: 'acl-1', subnets: ['subnet-1', 'subnet-2'] }),
    securityGroup({ id: 'sg-1' }),
    securityGroup({ id: 'sg-endpoints', ingress: [https('10.0.0.0/16')] }),
    securityGroup({ id: 'sg-default', name: 'default' }),
    interfaceEndpoint({ service: 'ecr.api' }),
    interfaceEndpoint({ service: 'ecr.dkr' }),
    gatewayEndpoint(),
  ]
}

function idOf(part: EstatePart): string {
  return 'item' in part ? String(part.item.resourceId) : ''
}

/** Account and region too: a shared subnet has an item in the files of each account that sees it. */
function keyOf(part: EstatePart): string {
  if (!('item' in part)) return ''
  return [part.item.resourceType, part.item.resourceId, part.item.awsAccountId, part.item.awsRegion].join(' ')
}
