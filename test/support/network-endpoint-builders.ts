import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import { type EstatePart, home } from './estate.ts'
import { homeVpc, networkItem } from './network-item.ts'

/** What endpoint builders have in common. `service` is the last part of the name: `ecr.api`. */
export interface EndpointOptions {
  readonly service?: string
  readonly id?: string
  readonly vpc?: string
  readonly state?: string
  /** A policy document, or any text to put in its place; by default full access. */
  readonly policy?: JsonValue | undefined
  readonly configuration?: JsonObject
}

/** An available interface endpoint with private DNS in `subnet-1` and `subnet-2`, id `vpce-<service>` with hyphens. */
export function interfaceEndpoint(
  options: EndpointOptions & {
    readonly subnets?: readonly string[]
    readonly groups?: readonly string[]
    readonly privateDns?: boolean
  } = {},
): EstatePart {
  const groups = options.groups ?? ['sg-endpoints']
  return endpoint(options, 'ecr.api', {
    vpcEndpointType: 'Interface',
    subnetIds: options.subnets ?? ['subnet-1', 'subnet-2'],
    groups: groups.map((groupId) => ({ groupId, groupName: groupId })),
    privateDnsEnabled: options.privateDns ?? true,
    routeTableIds: [],
    ipAddressType: 'ipv4',
    dnsOptions: { dnsRecordIpType: 'ipv4' },
  })
}

/** An available gateway endpoint of S3 in the route table `rtb-1`; the route is the table's own. */
export function gatewayEndpoint(
  options: EndpointOptions & { readonly routeTables?: readonly string[] } = {},
): EstatePart {
  return endpoint(options, 's3', {
    vpcEndpointType: 'Gateway',
    subnetIds: [],
    groups: [],
    privateDnsEnabled: false,
    routeTableIds: options.routeTables ?? ['rtb-1'],
  })
}

function endpoint(options: EndpointOptions, usual: string, more: JsonObject): EstatePart {
  const service = options.service ?? usual
  const id = options.id ?? `vpce-${service.replaceAll('.', '-')}`
  const document = options.policy === undefined ? fullAccess : options.policy
  return networkItem('AWS::EC2::VPCEndpoint', id, 'vpc-endpoint', {
    vpcEndpointId: id,
    vpcId: options.vpc ?? homeVpc,
    serviceName: `com.amazonaws.${home.region}.${service}`,
    state: { value: options.state ?? 'available' },
    policyDocument: typeof document === 'string' || document === null ? document : JSON.stringify(document),
    ownerId: home.accountId,
    requesterManaged: false,
    ...more,
    ...options.configuration,
  })
}

const fullAccess: JsonObject = {
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}

/** VPC Block Public Access of home in this mode. */
export function blockPublicAccess(mode = 'block-bidirectional'): EstatePart {
  return networkItem('AWS::EC2::VPCBlockPublicAccessOptions', home.accountId, 'vpc-block-public-access-options', {
    AccountId: home.accountId,
    InternetGatewayBlockMode: mode,
  })
}

/** A VPC or subnet left alone by Block Public Access. */
export function blockPublicAccessExclusion(options: {
  readonly vpc?: string
  readonly subnet?: string
  readonly mode?: string
}): EstatePart {
  const id = `vpcbpa-exclude-${options.subnet ?? options.vpc ?? homeVpc}`
  const what: JsonObject =
    options.subnet === undefined ? { VpcId: options.vpc ?? homeVpc } : { SubnetId: options.subnet }
  return networkItem('AWS::EC2::VPCBlockPublicAccessExclusion', id, 'vpc-block-public-access-exclusion', {
    ExclusionId: id,
    InternetGatewayExclusionMode: options.mode ?? 'allow-bidirectional',
    ...what,
  })
}
