import { rule as notPublic } from '../../../shared/rules/ecr/ecr-repository-not-public.ts'
import { rule as approved } from '../../../shared/rules/image/image-registry-approved.ts'
import { rule as restricted } from '../../../shared/rules/role/role-registry-admin-restricted.ts'
import { rule as privateDns } from '../../../shared/rules/vpc/vpc-ecr-endpoints-private-dns.ts'
import { serviceArn } from '../../lambdas/config-rule/image-scenario.ts'
import {
  adminPolicy,
  definitionArn,
  pullPolicy,
  role,
  roleId,
  taskDefinition,
} from '../../lambdas/config-rule/role-scenario.ts'
import { closedPolicy, openPolicy } from '../../lambdas/config-rule/scenario.ts'
import { service } from '../../lambdas/config-rule/vpc-scenario.ts'
import { fillEc2 } from '../../sources/ec2/account.ts'
import type { FakeAws, World } from '../../support/fake-aws/fake-aws.ts'
import type { FakeRole } from '../../support/fake-aws/iam.ts'

/** Small enough to be filled anew for every plan, and to know every verdict without asking the code under test. */
export interface Estate {
  /** Of `app`, `b` and `c`. */
  readonly repositories: readonly RepositoryState[]
  /** Of `puller` and `other`. */
  readonly roles: readonly RoleState[]
  readonly network: NetworkState
  /** Whose image service `batch` runs; that of `web` is our own. */
  readonly batch: ServiceState
}
export const repositoryStates = ['open', 'closed', 'none', 'gone'] as const
export const roleStates = ['pulls', 'administers', 'gone'] as const
export const networkStates = ['whole', 'broken'] as const
export const serviceStates = ['own', 'foreign', 'gone'] as const
type RepositoryState = (typeof repositoryStates)[number]
type RoleState = (typeof roleStates)[number]
type NetworkState = (typeof networkStates)[number]
type ServiceState = (typeof serviceStates)[number]

export const repositoryNames = ['app', 'b', 'c'] as const
export const roleNames = ['puller', 'other'] as const
/** The role the functions run under: a listing of roles without it is refused. */
const auditor = 'auditor'

/** The rules of the deployment, one of each area that AWS Config knows. */
export const ruleOf = { ecr: notPublic, role: restricted, vpc: privateDns, image: approved } as const
/** An area of the deployment. */
export type Area = keyof typeof ruleOf
export const areas: readonly Area[] = ['ecr', 'role', 'vpc', 'image']

const inVpc = { networkMode: 'awsvpc' }
const foreign = taskDefinition('batch:2', {
  ...inVpc,
  containerDefinitions: [{ name: 'main', image: 'public.ecr.aws/stranger/app:1', essential: true }],
})

/** Makes the account hold this estate and nothing else. */
export function fill({ state }: World, { repositories, roles, network, batch }: Estate): void {
  state.repositories.clear()
  for (const [index, name] of repositoryNames.entries()) {
    const policy = repositories[index]
    if (policy !== 'gone') state.repositories.set(name, policyOf(policy, state.accountId))
  }
  const { ec2, ecs, iam } = state
  iam.roles.splice(0, Number.POSITIVE_INFINITY, role(auditor, undefined))
  iam.policies.length = 0
  for (const [index, name] of roleNames.entries()) {
    const held = roles[index]
    if (held !== 'gone') iam.roles.push(roleOf(state, name, held === 'administers' ? adminPolicy : pullPolicy('app')))
  }
  for (const list of [ec2.vpcs, ec2.subnets, ec2.routeTables, ec2.securityGroups, ec2.networkAcls, ec2.vpcEndpoints])
    list.length = 0
  for (const list of [ec2.natGateways, ec2.internetGateways, ec2.egressOnlyInternetGateways, ec2.dhcpOptions])
    list.length = 0
  ec2.prefixLists.length = 0
  fillEc2({ state } as FakeAws)
  const registry = ec2.vpcEndpoints.find((one) => one.vpcEndpointId === 'vpce-ecr-dkr')
  if (network === 'broken') registry.privateDnsEnabled = false
  ecs.clusters.splice(0, Number.POSITIVE_INFINITY, { clusterArn: clusterArn(state), clusterName: 'main' })
  const definitions = [taskDefinition('web:1', inVpc), taskDefinition('batch:1', inVpc), foreign]
  ecs.taskDefinitions.splice(0, Number.POSITIVE_INFINITY, ...definitions)
  ecs.services.splice(0, Number.POSITIVE_INFINITY, service('web', ['subnet-1', 'subnet-2']))
  if (batch !== 'gone') {
    const run = { taskDefinition: definitionArn(batch === 'foreign' ? 'batch:2' : 'batch:1') }
    ecs.services.push({ ...service('batch', ['subnet-1', 'subnet-2']), ...run })
  }
}

/** Role `puller` holds what it may in a managed policy of its name, the other one in a policy of its own. */
function roleOf({ accountId, iam }: World['state'], name: string, document: string): FakeRole {
  if (name !== roleNames[0]) return role(name, document)
  const arn = `arn:aws:iam::${accountId}:policy/${name}`
  iam.policies.push({ arn, id: 'ANPAPULLER', defaultVersionId: 'v1', versions: new Map([['v1', document]]) })
  return role(name, undefined, { attached: [arn] })
}

function clusterArn({ region, accountId }: World['state']): string {
  return `arn:aws:ecs:${region}:${accountId}:cluster/main`
}

function policyOf(state: RepositoryState | undefined, accountId: string): string | undefined {
  if (state === 'none') return undefined
  return state === 'open' ? openPolicy : closedPolicy.replace('111122223333', accountId)
}

/** What AWS Config and Security Hub have to say of a resource; nothing of one that is gone. */
export interface Truth {
  readonly type: string
  /** As AWS Config names it. */
  readonly id: string
  /** Last part of its ARN. */
  readonly name: string
  readonly compliance: 'COMPLIANT' | 'NON_COMPLIANT' | undefined
}

/** What is true of everything a rule judges, gone or not. */
export function truthOf(area: Area, { repositories, roles, network, batch }: Estate): readonly Truth[] {
  switch (area) {
    case 'ecr':
      return repositoryNames.map((name, index) => {
        const compliance = verdict(repositories[index], 'open')
        return { type: 'AWS::ECR::Repository', id: name, name, compliance }
      })
    case 'role':
      return [...roleNames, auditor].map((name, index) => {
        const compliance = name === auditor ? 'COMPLIANT' : verdict(roles[index], 'administers')
        return { type: 'AWS::IAM::Role', id: roleId(name), name, compliance }
      })
    case 'vpc':
      return [{ type: 'AWS::EC2::VPC', id: 'vpc-1', name: 'vpc-1', compliance: verdict(network, 'broken') }]
    case 'image':
      return [
        { type: 'AWS::ECS::Service', id: serviceArn('batch'), name: 'batch', compliance: verdict(batch, 'foreign') },
        { type: 'AWS::ECS::Service', id: serviceArn('web'), name: 'web', compliance: 'COMPLIANT' },
      ]
    default:
      return area satisfies never
  }
}

function verdict(state: string | undefined, bad: string): Truth['compliance'] {
  if (state === 'gone') return undefined
  return state === bad ? 'NON_COMPLIANT' : 'COMPLIANT'
}

/** How many resources of an area can change. */
export function countOf(area: Area): number {
  return { ecr: repositoryNames.length, role: roleNames.length, vpc: 1, image: 1 }[area]
}

/** The estate after resource `index` of an area got state `state`; both are counted from 0, and begin anew at their end. */
export function changed(estate: Estate, area: Area, index: number, state: number): Estate {
  const { repositories, roles } = estate
  const at = index % countOf(area)
  switch (area) {
    case 'ecr':
      return { ...estate, repositories: repositories.with(at, oneOf(repositoryStates, state)) }
    case 'role':
      return { ...estate, roles: roles.with(at, oneOf(roleStates, state)) }
    case 'vpc':
      return { ...estate, network: oneOf(networkStates, state) }
    case 'image':
      return { ...estate, batch: oneOf(serviceStates, state) }
    default:
      return area satisfies never
  }
}

function oneOf<T>(all: readonly T[], index: number): T {
  return all[index % all.length] as T
}

/** Whether service web cannot pull its image, whatever it is told. */
export function cannotPull({ repositories, roles, network }: Estate): boolean {
  return network === 'broken' || roles[0] === 'gone' || repositories[0] === 'gone'
}
