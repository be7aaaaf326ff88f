import { rule } from '../../../shared/rules/image/image-pull-path.ts'
import {
  type EstatePart,
  ecsService,
  eksCluster,
  fargateProfile,
  imageUri,
  interfaceEndpoint,
  nodegroup,
  notListed,
  privateVpc,
  repository,
  roleArn,
  routeTable,
  securityGroup,
  taskDefinition,
  trustOf,
} from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { deny, leastFor, pullActions, repositoryArn, roleWith } from '../role/pulling.ts'
import { endpoints, noRoutes, supplemented } from '../vpc/pulling-vpc.ts'
import { holding, listedImage, otherDigest } from './running-images.ts'

const execution = roleWith('execution', leastFor(repositoryArn()))
const definition = taskDefinition({ executionRole: roleArn('execution') })
const held = holding(listedImage({ platforms: ['linux/amd64'] }))

/** A service on Fargate that can pull, in the private VPC, with these parts in place of its own. */
function service(...changes: readonly EstatePart[]): readonly EstatePart[] {
  const usual = [ecsService({ subnets: ['subnet-1', 'subnet-2'] }), definition, execution, held]
  const gone = new Set(changes.map(keyOf))
  return [...usual.filter((part) => !gone.has(keyOf(part))), ...changes]
}

function keyOf(part: EstatePart): string {
  return 'item' in part ? `${part.item.resourceType} ${part.item.resourceName ?? part.item.resourceId}` : ''
}

const inVpc = (...changes: readonly EstatePart[]) => [...privateVpc(), ...service(...changes)]
const nodes = (...statements: Parameters<typeof roleWith>[1]) => [
  ...privateVpc(),
  supplemented(eksCluster(), { clusterSecurityGroupId: 'sg-1' }),
  supplemented(nodegroup(), { securityGroupIds: ['sg-1'] }),
  roleWith('node', statements, { trust: trustOf('ec2.amazonaws.com') }),
]
const addOns = '602401143452.dkr.ecr.eu-central-1.amazonaws.com/amazon-k8s-cni'
const proven = { provenWithout: ['inventory.repository', 'registry.policy'] }
const provenByNetwork = { provenWithout: ['inventory.repository', 'inventory.role', 'registry.policy'] }

ruleCases(rule, {
  'a service whose way is open from end to end can pull': [
    inVpc(),
    'compliant',
    {
      says: 'It can pull 111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1 from subnet-1 and subnet-2.',
      shows: 'grades: privacy A, least privilege A',
    },
  ],
  'images that are not listed are assumed to be there': [
    inVpc(repository()),
    'compliant',
    { assumes: 'assumes that tag 1 exists in arn:aws:ecr' },
  ],
  'the hop that breaks first is named with the exact change': [
    [...privateVpc({ with: [interfaceEndpoint({ service: 'ecr.dkr', privateDns: false })] }), ...service()],
    'noncompliant',
    { says: 'app:1: dns: Private DNS of vpce-ecr-dkr is off', shows: 'hop dns: Private DNS', ...provenByNetwork },
  ],
  'failures behind the first are told too': [
    [...privateVpc({ without: endpoints, with: [noRoutes] }), ...service(roleWith('execution', []))],
    'noncompliant',
    { says: 'Once that is mended, it breaks at', ...provenByNetwork },
  ],
  'a failure in one of two subnets is a failure that comes and goes': [
    [...privateVpc({ with: [routeTable({ id: 'rtb-2', subnets: ['subnet-2'] })] }), ...service()],
    'noncompliant',
    { says: 'from subnet-2, while other subnets may work: s3-layers: In subnet-2', ...provenByNetwork },
  ],
  'a security group that lets nothing in is named': [
    [...privateVpc({ with: [securityGroup({ id: 'sg-endpoints', ingress: [] })] }), ...service()],
    'noncompliant',
    { says: 'security: No rule of sg-endpoints lets TCP 443 in', ...provenByNetwork },
  ],
  'a role without the token breaks after the network': [
    inVpc(roleWith('execution', leastFor(repositoryArn()).slice(1))),
    'noncompliant',
    { says: 'token:', shows: 'hop token', ...proven },
  ],
  'a denied action of the pull is named': [
    inVpc(roleWith('execution', [...leastFor(repositoryArn()), deny([...pullActions])])),
    'noncompliant',
    { says: 'pull-actions:', ...proven },
  ],
  'a task definition without execution role has nobody who pulls': [
    inVpc(taskDefinition()),
    'noncompliant',
    {
      says: 'principal: The task definition has no execution role',
      provenWithout: ['inventory.repository', 'inventory.role'],
    },
  ],
  'a tag that is not there is the last thing to break': [
    inVpc(taskDefinition({ executionRole: roleArn('execution'), images: [imageUri(`app@${otherDigest}`)] })),
    'noncompliant',
    { says: 'image-state:', provenWithout: ['registry.policy', 'inventory.role'] },
  ],
  'endpoints nobody listed leave it open': [
    [...privateVpc({ without: ['vpce-ecr-api', 'vpce-ecr-dkr'] }), ...service(), notListed('AWS::EC2::VPCEndpoint')],
    'undetermined',
    'VPC endpoints of vpc-1',
  ],
  'a role nobody listed leaves it open': [
    [...privateVpc(), ...service().filter((part) => part !== execution), notListed('AWS::IAM::Role')],
    'undetermined',
    'execution',
  ],
  'an image of another registry cannot be pulled where no way leads out': [
    inVpc(taskDefinition({ images: ['nginx:1'] })),
    'noncompliant',
    'It cannot pull nginx:1: ecr-dkr: Route table rtb-1 of subnet-1 has no route to any public address',
  ],
  'a task definition without containers fetches nothing': [
    inVpc(taskDefinition({ images: [] })),
    'notApplicable',
    'It fetches no image',
  ],
  'a service whose task definition is missing is left open': [
    [...privateVpc(), ...service(ecsService({ taskDefinition: 'gone:1' }))],
    'undetermined',
    'its images: the task definition of service web is not in the inventory',
  ],
  'a node group that can pull its add-ons is judged too': [
    nodes(...leastFor('*')),
    'compliant',
    // Read or not, the own registry policy could at most deny the token, and not even that is documented.
    { says: `It can pull ${addOns}`, provenWithout: ['registry.policy'] },
  ],
  'a node group whose role may pull own images alone cannot pull its add-ons': [
    [...nodes(...leastFor(repositoryArn())), repository()],
    'noncompliant',
    { says: `It cannot pull ${addOns}`, provenWithout: ['registry.policy'] },
  ],
  'a Fargate profile says where its images are to be found': [
    [...privateVpc(), eksCluster(), fargateProfile()],
    'notApplicable',
    'pullpath explain --manifests traces them',
  ],
})
