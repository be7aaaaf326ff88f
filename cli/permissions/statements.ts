import { neverActions, type PermissionResource, type ReadPermission } from '../../shared/sources/permission.ts'

/** One IAM statement. */
export interface PolicyStatement {
  readonly sid: string
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** `StringEquals` only: key and value. */
  readonly equals?: readonly (readonly [key: string, value: string])[]
}

/** What stands in the ARN patterns: literal values, or what a template language substitutes. */
export interface ArnPlace {
  readonly partition: string
  /** Twelve digits, or `*`. */
  readonly accountId: string
}

/** What an `--organization` run assumes in each account. */
export interface AssumedRole {
  /** May hold a path, without the leading slash: `audit/pullpath-reader`. */
  readonly roleName: string
  /** `o-…`: only roles of accounts in it may be assumed. */
  readonly organizationId?: string
}

const assumeRole = 'sts:AssumeRole'
// Needs no permission, and no policy can take it away.
const needsNoStatement = 'sts:GetCallerIdentity'

/**
 * The least that the permissions need: one statement per kind of resource, and a Deny of what a reader never does.
 * Assuming roles is denied unless it is among the permissions; then it is limited to the named role.
 */
export function readerStatements(
  permissions: readonly ReadPermission[],
  place: ArnPlace,
  assumed: AssumedRole,
): readonly PolicyStatement[] {
  const assumes = permissions.some(({ action }) => action === assumeRole)
  const reads = permissions.filter(({ action }) => action !== assumeRole && action !== needsNoStatement)
  return [
    ...kinds.map((kind) => readStatement(kind, reads, place)).filter(({ actions }) => actions.length > 0),
    ...(assumes ? [assumeStatement(place, assumed)] : []),
    neverStatement(assumes),
  ]
}

function readStatement(kind: Kind, reads: readonly ReadPermission[], place: ArnPlace): PolicyStatement {
  const ofKind = reads.filter(({ resource }) => resource === kind.resource).map(({ action }) => action)
  return {
    sid: kind.sid,
    effect: 'Allow',
    actions: [...new Set<string>(ofKind)].sort(),
    resources: kind.patterns(place),
  }
}

function assumeStatement({ partition }: ArnPlace, { roleName, organizationId }: AssumedRole): PolicyStatement {
  return {
    sid: 'AssumeReaderRole',
    effect: 'Allow',
    actions: [assumeRole],
    resources: [`arn:${partition}:iam::*:role/${roleName}`],
    ...(organizationId === undefined ? {} : { equals: [['aws:ResourceOrgID', organizationId]] }),
  }
}

function neverStatement(assumes: boolean): PolicyStatement {
  const actions = neverActions.filter((action) => !assumes || action !== assumeRole)
  return { sid: 'NeverContentSecretsOrOtherIdentities', effect: 'Deny', actions, resources: ['*'] }
}

interface Kind {
  readonly sid: string
  readonly resource: PermissionResource
  readonly patterns: (place: ArnPlace) => readonly string[]
}

/** Every kind of resource that a read can be limited to. The record makes the compiler name a kind that is missing. */
const patternsOf: Readonly<Record<PermissionResource, Omit<Kind, 'resource'>>> = {
  repository: { sid: 'ReadRepositories', patterns: regional('ecr', 'repository/*') },
  role: { sid: 'ReadRoles', patterns: (place) => [globalArn(place, 'role/*')] },
  // AWS's own policies are attached to roles like the account's, and belong to the account `aws`.
  policy: {
    sid: 'ReadPolicies',
    patterns: (place) => [globalArn(place, 'policy/*'), globalArn({ ...place, accountId: 'aws' }, 'policy/*')],
  },
  'ecs-cluster': { sid: 'ReadEcsClusters', patterns: regional('ecs', 'cluster/*') },
  'ecs-service': { sid: 'ReadEcsServices', patterns: regional('ecs', 'service/*') },
  'eks-cluster': { sid: 'ReadEksClusters', patterns: regional('eks', 'cluster/*') },
  'eks-nodegroup': { sid: 'ReadNodeGroups', patterns: regional('eks', 'nodegroup/*') },
  'eks-fargate-profile': { sid: 'ReadFargateProfiles', patterns: regional('eks', 'fargateprofile/*') },
  'eks-pod-identity-association': {
    sid: 'ReadPodIdentityAssociations',
    patterns: regional('eks', 'podidentityassociation/*'),
  },
  'eks-access-entry': { sid: 'ReadAccessEntries', patterns: regional('eks', 'access-entry/*') },
  'eks-addon': { sid: 'ReadAddons', patterns: regional('eks', 'addon/*') },
  'config-aggregator': { sid: 'ReadConfigAggregators', patterns: regional('config', 'config-aggregator/*') },
  // Asked without a name, or by a name that the ARN does not hold: which ARN AWS then checks is not documented. `*` reads no more
  // than a pattern of all rules and all recorders would.
  'config-rule': { sid: 'ReadConfigRules', patterns: () => ['*'] },
  'conformance-pack': { sid: 'ReadConformancePacks', patterns: regional('config', 'conformance-pack/*') },
  'config-recorder': { sid: 'ReadConfigRecorders', patterns: () => ['*'] },
  'security-hub': { sid: 'ReadSecurityHub', patterns: regional('securityhub', 'hub/default') },
  // A profile that another account shares keeps that account in its ARN.
  'route53-profile': {
    sid: 'ReadRoute53Profiles',
    patterns: ({ partition }) => regional('route53profiles', 'profile/*')({ partition, accountId: '*' }),
  },
  '*': { sid: 'ReadWhatTakesNoResource', patterns: () => ['*'] },
}

const kinds: readonly Kind[] = Object.entries(patternsOf).map(([resource, kind]) => ({
  ...kind,
  resource: resource as PermissionResource,
}))

function regional(service: string, resource: string): Kind['patterns'] {
  return ({ partition, accountId }) => [`arn:${partition}:${service}:*:${accountId}:${resource}`]
}

/** Resources of IAM have no region. */
function globalArn({ partition, accountId }: ArnPlace, resource: string): string {
  return `arn:${partition}:iam::${accountId}:${resource}`
}
