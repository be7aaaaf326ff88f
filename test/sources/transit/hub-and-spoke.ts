import {
  type EstatePart,
  home,
  hostedZone,
  https,
  interfaceEndpoint,
  networkAcl,
  privateVpc,
  route,
  routeTable,
  securityGroup,
  subnet,
  vpc,
} from '../../support/builders.ts'

const api = `api.ecr.${home.region}.amazonaws.com`

/** `vpc-1`, whose only way to an endpoint for ECR's API is `via`, which leads to the one of `vpc-hub`. */
export function hubAndSpoke(via: string): readonly EstatePart[] {
  return [
    ...privateVpc({
      with: [routeTable({ id: 'rtb-1', main: true, routes: [route('10.50.0.0/16', via)] })],
      without: ['vpce-ecr-api', 'vpce-ecr-dkr', 'vpce-s3'],
    }),
    vpc({ id: 'vpc-hub', cidr: '10.50.0.0/16' }),
    subnet({ id: 'subnet-hub', vpc: 'vpc-hub', cidr: '10.50.1.0/24' }),
    routeTable({
      id: 'rtb-hub',
      vpc: 'vpc-hub',
      main: true,
      configuration: { routes: [route('10.50.0.0/16', 'local'), route('10.0.0.0/16', via)] },
    }),
    networkAcl({ id: 'acl-hub', vpc: 'vpc-hub', subnets: ['subnet-hub'] }),
    securityGroup({ id: 'sg-hub', vpc: 'vpc-hub', ingress: [https('10.0.0.0/8')] }),
    interfaceEndpoint({
      id: 'vpce-0a1',
      vpc: 'vpc-hub',
      subnets: ['subnet-hub'],
      groups: ['sg-hub'],
      privateDns: false,
    }),
    hostedZone({ name: api, records: [[api, 'alias', `vpce-0a1-q1w2.${api}`]] }),
  ]
}
