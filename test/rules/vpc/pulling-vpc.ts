import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import {
  type EstatePart,
  ecsService,
  eksCluster,
  gatewayEndpoint,
  home,
  interfaceEndpoint,
  internetGateway,
  natGateway,
  nodegroup,
  policy,
  privateVpc,
  repository,
  role,
  roleArn,
  route,
  routeTable,
  subnet,
  taskDefinition,
} from '../../support/builders.ts'

/** A service on Fargate in `subnet-1` and `subnet-2` with its role and repository; `service` changes it. */
export function fargateService(service: Parameters<typeof ecsService>[0] = {}): readonly EstatePart[] {
  return [
    ecsService({ subnets: ['subnet-1', 'subnet-2'], ...service }),
    taskDefinition({ executionRole: roleArn('execution') }),
    role({ name: 'execution' }),
    repository(),
  ]
}

/** A node group in `subnet-1` with the cluster's group `sg-1`. */
export function nodes(): readonly EstatePart[] {
  return [supplemented(eksCluster(), { clusterSecurityGroupId: 'sg-1' }), nodegroup(), role({ name: 'node' })]
}

/** The private VPC with a service on Fargate, changed. */
export function pullingVpc(...changes: readonly EstatePart[]): readonly EstatePart[] {
  return [...privateVpc({ with: changes }), ...fargateService()]
}

/** The same without these parts of the private VPC. */
export function pullingVpcWithout(ids: readonly string[], ...changes: readonly EstatePart[]): readonly EstatePart[] {
  return [...privateVpc({ with: changes, without: ids }), ...fargateService()]
}

/** Ids of all endpoints of the private VPC. */
export const endpoints = ['vpce-ecr-api', 'vpce-ecr-dkr', 'vpce-s3'] as const

/** A way out: a NAT gateway in a public subnet, and the default route of the private subnets to it; `more` routes beside it. */
export function natParts(...more: readonly JsonObject[]): readonly EstatePart[] {
  return [
    subnet({ id: 'subnet-public', cidr: '10.0.9.0/24' }),
    routeTable({ id: 'rtb-1', main: true, routes: [route('0.0.0.0/0', 'nat-1'), ...more] }),
    routeTable({ id: 'rtb-public', subnets: ['subnet-public'], routes: [route('0.0.0.0/0', 'igw-1')] }),
    natGateway(),
    internetGateway(),
  ]
}

/** The main route table without the route of the gateway endpoint. */
export const noRoutes = routeTable({ id: 'rtb-1', main: true })

/** The main route table with a route to a transit gateway alone. */
export const hubRoute = routeTable({ id: 'rtb-1', main: true, routes: [route('0.0.0.0/0', 'tgw-1')] })

/** The route of the gateway endpoint. */
export const toS3 = route('pl-s3', 'vpce-s3')

/** Pulls of this VPC leave through a NAT gateway: it has no endpoint. */
export function natOnlyVpc(...changes: readonly EstatePart[]): readonly EstatePart[] {
  return [...privateVpc({ with: [...natParts(), ...changes], without: [...endpoints] }), ...fargateService()]
}

/** Layers go through a NAT gateway, and behind it through the gateway endpoint with a policy of these statements. */
export function layersBehindNat(...statements: readonly JsonObject[]): readonly EstatePart[] {
  const ways = [...natParts(), gatewayEndpoint({ ...policyOf(statements), routeTables: ['rtb-public'] })]
  const isReplaced = (part: EstatePart) => 'item' in part && part.item.resourceId === 'rtb-public'
  const leadsToBoth = routeTable({
    id: 'rtb-public',
    subnets: ['subnet-public'],
    routes: [route('0.0.0.0/0', 'igw-1'), toS3],
  })
  return [...ways.filter((part) => !isReplaced(part)), leadsToBoth]
}

/** An interface endpoint with a policy of these statements; without any, with no policy. */
export function endpointWith(service: 'ecr.api' | 'ecr.dkr', ...statements: readonly JsonObject[]): EstatePart {
  return interfaceEndpoint({ service, ...policyOf(statements) })
}

/** The gateway endpoint with a policy of these statements; without any, with no policy. */
export function gatewayWith(...statements: readonly JsonObject[]): EstatePart {
  return gatewayEndpoint(policyOf(statements))
}

/** An Allow statement of an endpoint policy. */
export function allow(
  principal: JsonValue,
  action: JsonValue,
  resource: JsonValue = '*',
  more: JsonObject = {},
): JsonObject {
  return { Effect: 'Allow', Principal: principal, Action: action, Resource: resource, ...more }
}

/** The objects of the layer bucket. */
export const layers = `arn:aws:s3:::prod-${home.region}-starport-layer-bucket/*`

/** The same item with these supplementary properties. */
export function supplemented(part: EstatePart, supplementaryConfiguration: JsonObject): EstatePart {
  return 'item' in part ? { item: { ...part.item, supplementaryConfiguration } } : part
}

function policyOf(statements: readonly JsonObject[]) {
  return statements.length === 0 ? { configuration: { policyDocument: {} } } : { policy: policy(...statements) }
}
