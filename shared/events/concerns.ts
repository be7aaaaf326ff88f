import { imagesType } from './cloudtrail-table.ts'

/** What of a rule decides which changes it wants to hear of. */
export interface Watcher {
  readonly area: string
  readonly judges: string
  readonly alsoJudges?: readonly string[]
  readonly reads: readonly string[]
  readonly triggers: { readonly calls: readonly string[]; readonly events?: readonly string[] }
}

/**
 * How a rule is decided after a change: the hinted resource `itself`, the private `registry` as a whole, the `vpc` the hinted
 * resource belongs to, all `vpcs` of the region, the `roles` that hold the hinted policy, or the `services` that run the hinted task
 * definition, service or images.
 */
export type Way = 'itself' | 'registry' | 'vpc' | 'vpcs' | 'roles' | 'services'

const accountType = 'AWS::::Account'
const vpcType = 'AWS::EC2::VPC'
const serviceType = 'AWS::ECS::Service'
const repositoryType = 'AWS::ECR::Repository'
const roleType = 'AWS::IAM::Role'
const policyType = 'AWS::IAM::Policy'
/** Types of which a registry has few, so that they are judged together when the account itself is hinted. */
const ofRegistry: readonly string[] = [accountType, 'AWS::ECR::PullThroughCacheRule']

/** Judged types of which one resource can be looked at by its name. */
const lookedAt: ReadonlySet<string> = new Set([
  repositoryType,
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::PullThroughCacheRule',
  roleType,
  'AWS::ECS::TaskDefinition',
  'AWS::EKS::Nodegroup',
  'AWS::EKS::FargateProfile',
])

/** Types of which EC2 tells the VPC. */
export const placedTypes: ReadonlySet<string> = new Set([
  vpcType,
  'AWS::EC2::Subnet',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::NatGateway',
])

/** What rules on services may look at besides, when one service is to be judged by what it runs. */
const besidesService: ReadonlySet<string> = new Set([
  serviceType,
  'AWS::ECS::TaskDefinition',
  repositoryType,
  'AWS::ECR::PullThroughCacheRule',
])

/** What a change is, as far as its kind goes. */
export interface ChangeKind {
  readonly call: string
  readonly changes: string
}

/** A resource that an event names, as far as its type goes. */
type Named = { readonly type: string }

/** How the rule is decided after such a change when the event names a resource of `hinted`; undefined when it is not. */
export function wayOf(rule: Watcher, { call, changes }: ChangeKind, hinted: string): Way | undefined {
  const judged = [rule.judges, ...(rule.alsoJudges ?? [])]
  if (judged.includes(serviceType))
    return judgesServicesAlone(rule) ? serviceWay(rule, call, changes, hinted) : undefined
  const looksAt = judged.includes(changes) || rule.reads.includes(changes)
  if (!looksAt) return undefined
  if (judged.includes(vpcType)) return networkWay(hinted)
  if (hinted === accountType) return judged.some((type) => ofRegistry.includes(type)) ? 'registry' : undefined
  if (hinted === policyType) return judged.includes(roleType) ? 'roles' : undefined
  return judged.includes(hinted) && lookedAt.has(hinted) ? 'itself' : undefined
}

function networkWay(hinted: string): Way | undefined {
  if (hinted === accountType) return 'vpcs'
  return placedTypes.has(hinted) ? 'vpc' : undefined
}

/** True when the rule is decided after the change, by one of the resources that the event names. */
export function isConcerned(rule: Watcher, change: ChangeKind & { readonly hints: readonly Named[] }): boolean {
  return change.hints.some(({ type }) => wayOf(rule, change, type) !== undefined)
}

/** The areas of the rules that are decided after the change, each once. */
export function concernedAreas<R extends Watcher>(
  rules: readonly R[],
  change: ChangeKind & { readonly hints: readonly Named[] },
): readonly R['area'][] {
  return [...new Set(rules.filter((rule) => isConcerned(rule, change)).map(({ area }): R['area'] => area))]
}

/** A rule that follows the whole way of an image asks for networks and roles: that is more than a change is read for. */
function judgesServicesAlone({ alsoJudges = [], reads }: Watcher): boolean {
  return alsoJudges.length === 0 && reads.every((type) => besidesService.has(type))
}

/** Of a repository's changes only those count that the rule names: its policies change no image. */
function serviceWay({ triggers }: Watcher, call: string, changes: string, hinted: string): Way | undefined {
  if (changes === serviceType) return hinted === serviceType ? 'services' : undefined
  const isNamed = triggers.calls.includes(call) || triggers.events?.includes(call) === true
  const isRepository = hinted === repositoryType && (changes === repositoryType || changes === imagesType)
  return isRepository && isNamed ? 'services' : undefined
}
