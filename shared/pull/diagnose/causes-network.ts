import type { Cause } from './candidate.ts'

const endpointsOf = (service: string) =>
  `aws ec2 describe-vpc-endpoints --region {region} --filters Name=service-name,Values='*'.{region}.${service} --query 'VpcEndpoints[].[VpcEndpointId,VpcId,State,PrivateDnsEnabled,SubnetIds,Groups[].GroupId]'`
const lookUp = 'dig +short {host}'
const routes =
  "aws ec2 describe-route-tables --region {region} --query 'RouteTables[].[RouteTableId,VpcId,Associations[].[SubnetId,Main],Routes[].[DestinationCidrBlock,DestinationPrefixListId,NatGatewayId,GatewayId,State]]'"
const gateway =
  "aws ec2 describe-vpc-endpoints --region {region} --filters Name=service-name,Values='*'.{region}.s3 --query 'VpcEndpoints[].[VpcEndpointId,VpcId,VpcEndpointType,State,RouteTableIds]'"
const vpcDns = ['enableDnsSupport', 'enableDnsHostnames'].map(
  (attribute) => `aws ec2 describe-vpc-attribute --region {region} --vpc-id '<vpc>' --attribute ${attribute}`,
)

const wayOut =
  'the route table of the pulling subnet (without one of its own, the main one): a NAT gateway, or an internet gateway and a public IP on the interface'

/** Causes on the network, by code. */
export const networkCauses = {
  'no-route-to-ecr-api': {
    hop: 'ecr-api',
    meaning:
      'the ECR API cannot be reached, so no token is got: there is no usable ecr.api endpoint and no way to the internet',
    checks: [
      'an interface endpoint for ecr.api, available and with private DNS, in the VPC of the pulling interface',
      wayOut,
      'the security group of the puller lets TCP 443 out',
    ],
    commands: [endpointsOf('ecr.api'), 'dig +short {api}', routes],
  },
  'no-route-to-registry': {
    hop: 'ecr-dkr',
    meaning: 'the registry host cannot be reached: there is no usable ecr.dkr endpoint and no way to the internet',
    checks: [
      'an interface endpoint for ecr.dkr, available and with private DNS, in the VPC of the pulling interface',
      wayOut,
      'the image lies in the region of the endpoint: an endpoint serves its own region only, and no FIPS host',
      'the security group of the puller lets TCP 443 out',
    ],
    commands: [endpointsOf('ecr.dkr'), 'dig +short {registry}', routes],
  },
  'no-route-to-layers': {
    hop: 's3-layers',
    meaning:
      'the S3 bucket that holds the layers cannot be reached: the subnet has neither a route to an S3 gateway endpoint nor a way to the internet',
    checks: [
      'a gateway endpoint for S3 that is associated with the route table of the pulling subnet',
      'the security group of the puller lets TCP 443 out to the prefix list of S3, not only to the ECR endpoints',
      'network ACLs let 443 out to S3 and answers in; they know no prefix lists',
    ],
    commands: [gateway, routes],
  },
  'registry-stalled': {
    hop: 'ecr-dkr',
    meaning: 'the pull began and stood still at the registry',
    checks: [
      'the way to ecr.dkr: endpoint, private DNS, security groups',
      'a slow or exhausted NAT gateway, proxy or firewall',
    ],
    commands: [endpointsOf('ecr.dkr'), routes],
  },
  'endpoint-blocks-443': {
    hop: 'security',
    meaning:
      'the name leads to an address inside the network and nothing answers there: a security group or network ACL of the endpoint or the puller stops TCP 443',
    checks: [
      'a security group of the endpoint lets TCP 443 in from the pulling subnet or its group',
      'the security group of the puller lets TCP 443 out to the endpoint',
      'network ACLs of both subnets let 443 one way and ephemeral ports the other',
      'a NAT gateway does not help: private DNS of the endpoint leads every subnet of the VPC there',
    ],
    commands: [
      lookUp,
      endpointsOf('ecr.api'),
      endpointsOf('ecr.dkr'),
      "aws ec2 describe-security-groups --region {region} --group-ids '<group of the endpoint>' --query 'SecurityGroups[].IpPermissions'",
    ],
  },
  'connection-turned-away': {
    hop: 'ecr-dkr',
    meaning:
      'something answers and ends the connection: a firewall or proxy on the way, or an address where nothing listens; security groups and network ACLs drop without an answer',
    checks: [
      'firewall, proxy or appliance between the puller and the address',
      'the name leads to an interface of the endpoint: records of private hosted zones may name an address that is gone or of something else',
      'the MTU along VPN, transit gateway and overlay',
    ],
    commands: [lookUp, endpointsOf('ecr.api'), endpointsOf('ecr.dkr'), routes],
  },
  'name-not-resolved': {
    hop: 'dns',
    meaning: 'the host name has no address where the pull runs',
    checks: [
      'enableDnsSupport and enableDnsHostnames of the VPC are on',
      'private DNS of the endpoint, or a private hosted zone with the wildcard name of the registries',
      'servers named in the DHCP options forward amazonaws.com to the resolver of the VPC',
    ],
    commands: [lookUp, ...vpcDns, endpointsOf('ecr.dkr')],
  },
  'private-dns-not-used': {
    hop: 'dns',
    meaning:
      'the name leads to public addresses: if an endpoint exists, its private DNS is off or belongs to another VPC',
    checks: [
      'PrivateDnsEnabled of the endpoint',
      'enableDnsSupport and enableDnsHostnames of the VPC',
      'servers named in the DHCP options',
    ],
    commands: [lookUp, endpointsOf('ecr.api'), endpointsOf('ecr.dkr'), ...vpcDns],
  },
  'dns-server-unreachable': {
    hop: 'dns',
    meaning: 'the name server itself does not answer',
    checks: [
      'DNS servers named in the DHCP options of the VPC, and the way to them: groups and ACLs filter them, unlike the resolver of the VPC',
      'enableDnsSupport of the VPC',
    ],
    commands: [
      lookUp,
      "aws ec2 describe-dhcp-options --region {region} --query 'DhcpOptions[].[DhcpOptionsId,DhcpConfigurations]'",
    ],
  },
  'wrong-registry-host': {
    hop: 'image',
    meaning: 'the registry host is misspelt, or is that of a region or account which is not meant',
    checks: ['account id, region and spelling of the host in the image'],
    commands: [
      'aws ecr describe-repositories --region {region} --registry-id {account} --repository-names {repository}',
    ],
  },
  'tls-handshake-stalled': {
    hop: 'ecr-dkr',
    meaning:
      'the registry is reached and the TLS handshake does not end: packets are lost to a wrong MTU, a firewall or a proxy',
    checks: [
      'the MTU along VPN, transit gateway and overlay',
      'firewall or proxy between the subnet and the registry',
      'an overloaded node or NAT gateway',
    ],
    commands: [lookUp, routes],
  },
  'not-ecr-tls-inspection': {
    hop: 'ecr-dkr',
    meaning:
      'a proxy or firewall answers with a certificate of its own, which the puller does not trust; ECR is not at fault',
    checks: [
      'inspection of TLS between the subnet and ECR or S3',
      'the certificate authority of that proxy on the node',
      'HTTPS_PROXY of the container runtime; NO_PROXY should hold the ECR and S3 hosts',
    ],
    commands: [lookUp, 'openssl s_client -connect {host}:443 -brief'],
  },
  'proxy-unreachable': {
    hop: 'ecr-dkr',
    meaning: 'a proxy is set for the puller and does not answer; no endpoint is asked',
    checks: [
      'HTTPS_PROXY of the container runtime, the ECS agent or the kubelet: the address of the proxy and the way to it',
      'NO_PROXY should hold the ECR and S3 hosts where endpoints serve them',
    ],
    commands: ['systemctl show containerd docker kubelet --property=Environment', routes],
  },
  'logs-unreachable': {
    hop: 'ancillary',
    meaning: 'the log driver cannot reach CloudWatch Logs, and the task does not start without it',
    checks: [
      'an interface endpoint for logs, available and with private DNS, or a way to the internet',
      'its security group lets TCP 443 in from the task',
      'the log group exists; awslogs-create-group needs logs:CreateLogGroup',
    ],
    commands: [endpointsOf('logs'), routes],
  },
  'log-group-missing': {
    hop: 'ancillary',
    meaning: 'the log group of the task definition does not exist; the image itself is not in question',
    checks: [
      'awslogs-group and awslogs-region of the task definition',
      'awslogs-create-group, which needs logs:CreateLogGroup of the execution role',
    ],
    commands: ["aws logs describe-log-groups --region {region} --log-group-name-prefix '<log group>'"],
  },
  'aws-service-unreachable': {
    hop: 'ancillary',
    meaning: 'another service that the start needs (secrets, parameters, logs or tokens) cannot be reached',
    checks: [
      'interface endpoints for secretsmanager, ssm, kms, logs or sts, as the task or pod uses them, or a way to the internet',
      'security groups of those endpoints let TCP 443 in from the puller',
    ],
    commands: [
      lookUp,
      "aws ec2 describe-vpc-endpoints --region {region} --query 'VpcEndpoints[].[ServiceName,VpcId,State,PrivateDnsEnabled]'",
    ],
  },
  'ssm-unreachable': {
    hop: 'ancillary',
    meaning: 'parameters of the task cannot be fetched from Systems Manager; the image itself is not in question',
    checks: [
      'an interface endpoint for ssm (and kms for keys of your own), or a way to the internet',
      'its security group lets TCP 443 in from the task',
      'the execution role may ssm:GetParameters',
    ],
    commands: [endpointsOf('ssm'), routes],
  },
  'secrets-manager-unreachable': {
    hop: 'ancillary',
    meaning: 'a secret (of the task, or credentials of its registry) cannot be fetched from Secrets Manager',
    checks: [
      'an interface endpoint for secretsmanager (and kms for keys of your own), or a way to the internet',
      'its security group lets TCP 443 in from the task',
      'the secret exists in this region',
    ],
    commands: [endpointsOf('secretsmanager'), routes],
  },
  'public-registry-unreachable': {
    hop: 'ecr-dkr',
    meaning:
      'ECR Public and its content network have no endpoints: without a way to the internet such images cannot be pulled',
    checks: [wayOut, 'a pull-through cache rule for ECR Public, filled from a network that has a way out'],
    commands: ['aws ecr describe-pull-through-cache-rules --region {region}', routes],
  },
  'not-ecr-upstream-unreachable': {
    hop: 'ancillary',
    meaning: 'a registry that is not ECR cannot be reached',
    checks: [wayOut, 'a pull-through cache rule for that registry'],
    commands: ['aws ecr describe-pull-through-cache-rules --region {region}', routes],
  },
} as const satisfies Record<string, Cause>
