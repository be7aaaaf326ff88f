import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateTransitGatewayCommand,
  CreateVpcEndpointCommand,
  DescribeRouteTablesCommand,
} from '@aws-sdk/client-ec2'
import { make, type NetworkPlace, put, textOf, type Words } from './load-place.ts'

/** Puts gateways into moto, those of other accounts included, which routes name. */
export async function loadGateways(network: NetworkPlace): Promise<void> {
  const { ec2, wordsOf } = network
  for (const { internetGatewayId: InternetGatewayId, attachments } of wordsOf('InternetGateway')) {
    const created = () => ec2.send(new CreateInternetGatewayCommand({}))
    await make(network, InternetGatewayId, created, (output) => output.InternetGateway?.InternetGatewayId)
    for (const { vpcId: VpcId } of attachments) {
      const command = new AttachInternetGatewayCommand({ InternetGatewayId, VpcId })
      await put(network, InternetGatewayId, () => ec2.send(command))
    }
  }
  for (const { egressOnlyInternetGatewayId, attachments } of wordsOf('EgressOnlyInternetGateway')) {
    const command = new CreateEgressOnlyInternetGatewayCommand({ VpcId: attachments[0].vpcId })
    const idOf = (output: Words) => output.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId
    await make(network, egressOnlyInternetGatewayId, () => ec2.send(command), idOf)
  }
  for (const { natGatewayId, subnetId: SubnetId, connectivityType: ConnectivityType } of wordsOf('NatGateway')) {
    const created = () => ec2.send(new CreateNatGatewayCommand({ SubnetId, ConnectivityType }))
    await make(network, natGatewayId, created, (output) => output.NatGateway?.NatGatewayId)
  }
  for (const id of transitGatewaysOf(network)) {
    const created = () => ec2.send(new CreateTransitGatewayCommand({}))
    await make(network, id, created, (output) => output.TransitGateway?.TransitGatewayId)
  }
}

function transitGatewaysOf({ wordsOf }: NetworkPlace): ReadonlySet<string> {
  const routes: readonly Words[] = wordsOf('RouteTable').flatMap(({ routes }) => routes)
  return new Set(routes.flatMap(({ transitGatewayId }) => transitGatewayId ?? []))
}

/** Main tables are those that moto made with the VPCs. Routes to gateway endpoints come with these. */
export async function loadRouteTables(network: NetworkPlace): Promise<void> {
  const { ec2 } = network
  for (const { routeTableId: RouteTableId, vpcId: VpcId, associations, routes } of network.wordsOf('RouteTable')) {
    const Filters = [
      { Name: 'vpc-id', Values: [VpcId] },
      { Name: 'association.main', Values: ['true'] },
    ]
    const found = () => ec2.send(new DescribeRouteTablesCommand({ Filters }))
    const created = () => ec2.send(new CreateRouteTableCommand({ VpcId }))
    if (associations.some(({ main }: Words) => main))
      await make(network, RouteTableId, found, ({ RouteTables }) => RouteTables?.[0]?.RouteTableId)
    else await make(network, RouteTableId, created, (output) => output.RouteTable?.RouteTableId)
    for (const { subnetId: SubnetId } of associations) {
      if (SubnetId === undefined) continue
      const command = new AssociateRouteTableCommand({ RouteTableId, SubnetId })
      await put(network, `association ${RouteTableId}`, () => ec2.send(command))
    }
    for (const route of routes) await loadRoute(network, RouteTableId, route)
  }
}

async function loadRoute(network: NetworkPlace, RouteTableId: string, route: Words): Promise<void> {
  if (route.gatewayId === 'local' || route.destinationPrefixListId !== undefined) return
  const command = new CreateRouteCommand({
    RouteTableId,
    DestinationCidrBlock: route.destinationCidrBlock,
    DestinationIpv6CidrBlock: route.destinationIpv6CidrBlock,
    GatewayId: route.gatewayId,
    NatGatewayId: route.natGatewayId,
    EgressOnlyInternetGatewayId: route.egressOnlyInternetGatewayId,
    TransitGatewayId: route.transitGatewayId,
  })
  await put(network, `route ${RouteTableId}`, () => network.ec2.send(command))
}

/** Puts VPC endpoints into moto. */
export async function loadEndpoints(network: NetworkPlace): Promise<void> {
  for (const endpoint of network.wordsOf('VPCEndpoint')) {
    const command = new CreateVpcEndpointCommand({
      VpcId: endpoint.vpcId,
      VpcEndpointType: endpoint.vpcEndpointType,
      ServiceName: endpoint.serviceName,
      PolicyDocument: textOf(endpoint.policyDocument),
      SubnetIds: endpoint.subnetIds,
      SecurityGroupIds: endpoint.groups?.map(({ groupId }: Words) => groupId),
      RouteTableIds: endpoint.routeTableIds,
      PrivateDnsEnabled: endpoint.privateDnsEnabled,
    })
    const created = () => network.ec2.send(command)
    await make(network, endpoint.vpcEndpointId, created, (output) => output.VpcEndpoint?.VpcEndpointId)
  }
}
