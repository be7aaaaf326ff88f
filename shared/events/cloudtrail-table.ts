/** Services whose calls are listened to; `ecr` stands for the event source `ecr.amazonaws.com` and the source `aws.ecr`. */
export const callServices = ['ec2', 'ecr', 'ecs', 'eks', 'iam', 'route53'] as const
/** A service whose calls are listened to. */
export type CallService = (typeof callServices)[number]

/** Services that belong to no region: CloudTrail tells of their calls in one region of the partition only. */
export const globalServices: ReadonlySet<CallService> = new Set<CallService>(['iam', 'route53'])

/**
 * Where a record names something to look at. Each part is found at the first of its paths (keys joined by dots, from the
 * record's `detail`) that holds text, and the parts are joined by `join`. Without parts it is the account itself.
 */
export interface Spot {
  readonly type: string
  readonly parts: readonly (readonly string[])[]
  readonly join?: string
}

/** A write call that changes what rules judge. */
export interface ChangingCall {
  readonly service: CallService
  readonly name: string
  /** The type of the resource it changes. */
  readonly changes: string
  readonly spots: readonly Spot[]
  /** Paths of which one has to be true for the call to change anything; any such call does when missing. */
  readonly when?: readonly string[]
}

const repository = 'AWS::ECR::Repository'
const vpc = 'AWS::EC2::VPC'
const subnet = 'AWS::EC2::Subnet'
const role = 'AWS::IAM::Role'
const policy = 'AWS::IAM::Policy'
const accountType = 'AWS::::Account'
const definition = 'AWS::ECS::TaskDefinition'
const service = 'AWS::ECS::Service'
const request = 'requestParameters'
const response = 'responseElements'

/** The type under which changes of a repository's images go: they have no items, and change no setting. */
export const imagesType = 'AWS::ECR::Image'

const at = (type: string, ...paths: readonly string[]): Spot => ({ type, parts: [paths] })
const account = (type: string): Spot => ({ type, parts: [] })

function calls(
  of: CallService,
  changes: string,
  names: readonly string[],
  ...spots: readonly Spot[]
): readonly ChangingCall[] {
  return names.map((name) => ({ service: of, name, changes, spots }))
}

/** A call of EC2: newer ones wrap what they were asked and what they answer in an object of their own name. */
function network(changes: string, name: string, asked: readonly Spot[], answered: readonly Spot[] = []): ChangingCall {
  const within = (root: string, wrapper: string, spots: readonly Spot[]) =>
    spots.map(({ type, parts }) => ({
      type,
      parts: parts.map((paths) => paths.flatMap((path) => [`${root}.${path}`, `${root}.${wrapper}.${path}`])),
    }))
  const spots = [...within(request, `${name}Request`, asked), ...within(response, `${name}Response`, answered)]
  return { service: 'ec2', name, changes, spots }
}

const routeTable = 'AWS::EC2::RouteTable'
const group = 'AWS::EC2::SecurityGroup'
const acl = 'AWS::EC2::NetworkAcl'
const endpoint = 'AWS::EC2::VPCEndpoint'
const nat = 'AWS::EC2::NatGateway'
const inRouteTable = [at(routeTable, 'routeTableId', 'RouteTableId')]
const inGroup = [at(group, 'groupId', 'GroupId')]
const inAcl = [at(acl, 'networkAclId', 'NetworkAclId')]
const inVpc = [at(vpc, 'vpcId', 'VpcId')]
/** Which VPC it is nobody can say, so it is all of them. */
const anywhere = [account(accountType)]
const inSubnet = [at(subnet, 'subnetId', 'SubnetId')]
const endpoints = [at(endpoint, 'vpcEndpointId', 'VpcEndpointId')]

const networkCalls: readonly ChangingCall[] = [
  network(vpc, 'CreateVpc', [], [at(vpc, 'vpc.vpcId')]),
  network(vpc, 'ModifyVpcAttribute', inVpc),
  network(vpc, 'AssociateVpcCidrBlock', inVpc),
  network(vpc, 'DeleteVpc', inVpc),
  network(endpoint, 'CreateVpcEndpoint', inVpc, [at(endpoint, 'vpcEndpoint.vpcEndpointId')]),
  network(endpoint, 'ModifyVpcEndpoint', endpoints),
  network(endpoint, 'DeleteVpcEndpoints', endpoints),
  ...['CreateRoute', 'ReplaceRoute', 'DeleteRoute'].map((name) => network(routeTable, name, inRouteTable)),
  network(routeTable, 'AssociateRouteTable', [...inRouteTable, ...inSubnet]),
  network(routeTable, 'ReplaceRouteTableAssociation', inRouteTable),
  network(routeTable, 'DisassociateRouteTable', anywhere),
  network('AWS::EC2::PrefixList', 'ModifyManagedPrefixList', anywhere),
  network('AWS::EC2::VPCBlockPublicAccessOptions', 'ModifyVpcBlockPublicAccessOptions', anywhere),
  ...['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'].map((name) => network(group, name, inGroup)),
  ...['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'].map((name) => network(group, name, inGroup)),
  network(group, 'ModifySecurityGroupRules', inGroup),
  ...['CreateNetworkAclEntry', 'ReplaceNetworkAclEntry', 'DeleteNetworkAclEntry'].map((name) =>
    network(acl, name, inAcl),
  ),
  network(acl, 'ReplaceNetworkAclAssociation', inAcl),
  network(nat, 'CreateNatGateway', inSubnet, [at(vpc, 'natGateway.vpcId'), at(nat, 'natGateway.natGatewayId')]),
  network(nat, 'DeleteNatGateway', [at(nat, 'natGatewayId', 'NatGatewayId')]),
  network(subnet, 'CreateSubnet', inVpc),
  network(subnet, 'ModifySubnetAttribute', inSubnet),
  network('AWS::EC2::InternetGateway', 'AttachInternetGateway', inVpc),
  network('AWS::EC2::InternetGateway', 'DetachInternetGateway', inVpc),
  network('AWS::EC2::EgressOnlyInternetGateway', 'CreateEgressOnlyInternetGateway', inVpc),
  network('AWS::EC2::DHCPOptions', 'AssociateDhcpOptions', inVpc),
]

const named = at(repository, `${request}.repositoryName`)
const registryCalls: readonly ChangingCall[] = [
  ...calls('ecr', repository, ['CreateRepository', 'DeleteRepository'], named),
  ...calls('ecr', repository, ['SetRepositoryPolicy', 'DeleteRepositoryPolicy'], named),
  ...calls('ecr', repository, ['PutLifecyclePolicy', 'DeleteLifecyclePolicy'], named),
  ...calls('ecr', repository, ['PutImageTagMutability', 'PutImageScanningConfiguration'], named),
  ...calls('ecr', imagesType, ['BatchDeleteImage'], named),
  ...calls(
    ...(['ecr', 'AWS::ECR::RegistryPolicy'] as const),
    ['PutRegistryPolicy', 'DeleteRegistryPolicy', 'PutAccountSetting'],
    account('AWS::ECR::RegistryPolicy'),
  ),
  ...calls(
    ...(['ecr', 'AWS::ECR::RegistryScanningConfiguration'] as const),
    ['PutRegistryScanningConfiguration'],
    account(accountType),
  ),
  ...calls(
    ...(['ecr', 'AWS::ECR::RepositoryCreationTemplate'] as const),
    ['CreateRepositoryCreationTemplate', 'UpdateRepositoryCreationTemplate', 'DeleteRepositoryCreationTemplate'],
    account(accountType),
  ),
  ...calls(
    ...(['ecr', 'AWS::ECR::PullThroughCacheRule'] as const),
    ['CreatePullThroughCacheRule', 'UpdatePullThroughCacheRule', 'DeletePullThroughCacheRule'],
    at('AWS::ECR::PullThroughCacheRule', `${request}.ecrRepositoryPrefix`),
  ),
]

const subnetsOfTasks = 'networkConfiguration.awsvpcConfiguration.subnets'
const workloadCalls: readonly ChangingCall[] = [
  ...calls(
    ...(['ecs', definition] as const),
    ['RegisterTaskDefinition', 'DeregisterTaskDefinition'],
    at(definition, `${response}.taskDefinition.taskDefinitionArn`, `${request}.taskDefinition`),
  ),
  ...calls(
    ...(['ecs', service] as const),
    ['CreateService', 'UpdateService', 'DeleteService'],
    at(service, `${response}.service.serviceArn`),
    at(definition, `${response}.service.taskDefinition`),
    at(subnet, `${response}.service.${subnetsOfTasks}`, `${request}.${subnetsOfTasks}`),
  ),
  ...calls(
    ...(['eks', 'AWS::EKS::Nodegroup'] as const),
    ['CreateNodegroup', 'UpdateNodegroupConfig', 'UpdateNodegroupVersion', 'DeleteNodegroup'],
    member('AWS::EKS::Nodegroup', 'nodegroup', '/'),
    at(subnet, `${response}.nodegroup.subnets`, `${request}.subnets`),
  ),
  ...calls(
    ...(['eks', 'AWS::EKS::FargateProfile'] as const),
    ['CreateFargateProfile', 'DeleteFargateProfile'],
    member('AWS::EKS::FargateProfile', 'fargateProfile', '|'),
    at(subnet, `${response}.fargateProfile.subnets`, `${request}.subnets`),
  ),
]

/** A resource of a cluster. The request calls the cluster `name` or, in other versions of the record, `clusterName`. */
function member(type: string, word: string, join: string): Spot {
  const cluster = [`${response}.${word}.clusterName`, `${request}.clusterName`, `${request}.name`]
  return { type, join, parts: [cluster, [`${request}.${word}Name`]] }
}

const inPolicy = at(policy, `${request}.policyArn`)
/** What a policy says is what its default version says. */
const madeDefault = [`${request}.setAsDefault`, `${response}.policyVersion.isDefaultVersion`]

const globalCalls: readonly ChangingCall[] = [
  ...calls(
    ...(['iam', role] as const),
    [
      ...['CreateRole', 'UpdateAssumeRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy'],
      ...['PutRolePolicy', 'DeleteRolePolicy', 'PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'],
    ],
    at(role, `${request}.roleName`),
  ),
  // A policy has to be detached before it is deleted, and that names the role.
  ...calls('iam', policy, ['SetDefaultPolicyVersion'], inPolicy),
  ...calls('iam', policy, ['CreatePolicyVersion'], inPolicy).map((call) => ({ ...call, when: madeDefault })),
  ...calls(
    ...(['route53', 'AWS::Route53::HostedZone'] as const),
    ['AssociateVPCWithHostedZone', 'DisassociateVPCFromHostedZone'],
    at(vpc, `${request}.vPC.vPCId`, `${request}.VPC.VPCId`),
  ),
]

/** Every call that is acted upon, and where its record names the resource. */
export const changingCalls: readonly ChangingCall[] = [
  ...registryCalls,
  ...networkCalls,
  ...workloadCalls,
  ...globalCalls,
]
