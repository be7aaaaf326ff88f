import { permissions as configQuery } from './config-query/permissions.ts'
import { permissions as doctor } from './doctor/permissions.ts'
import { permissions as ec2 } from './ec2/permissions.ts'
import { permissions as ecr } from './ecr/permissions.ts'
import { permissions as ecrImages } from './ecr-images/permissions.ts'
import { permissions as ecrReplication } from './ecr-replication/permissions.ts'
import { permissions as ecs } from './ecs/permissions.ts'
import { permissions as eks } from './eks/permissions.ts'
import { permissions as eksAccess } from './eks-access/permissions.ts'
import { permissions as iam } from './iam/permissions.ts'
import { permissions as instances } from './instances/permissions.ts'
import { permissions as organizations } from './organizations/permissions.ts'
import type { ReadPermission } from './permission.ts'
import { permissions as regions } from './regions/permissions.ts'
import { permissions as route53 } from './route53/permissions.ts'
import { permissions as route53Profiles } from './route53-profiles/permissions.ts'
import { permissions as sts } from './sts/permissions.ts'
import { permissions as tags } from './tags/permissions.ts'
import { permissions as transit } from './transit/permissions.ts'

/**
 * Who needs permissions: `member` whoever reads an account, `organization` whoever starts an `--organization` run,
 * `aggregator` whoever reads through a Config aggregator, `doctor` whoever runs the checks.
 */
export const readerParts = ['member', 'organization', 'aggregator', 'doctor'] as const
/** One of `readerParts`. */
export type ReaderPart = (typeof readerParts)[number]

type ConfigPermission = (typeof configQuery)[number]
type AggregatorPermission = Extract<ConfigPermission, { readonly resource: 'config-aggregator' }>
const ofAggregator = (one: ConfigPermission): one is AggregatorPermission => one.resource === 'config-aggregator'
const ofRegion = (one: ConfigPermission): one is Exclude<ConfigPermission, AggregatorPermission> => !ofAggregator(one)

type StsPermission = (typeof sts)[number]
type AssumePermission = Extract<StsPermission, { readonly action: 'sts:AssumeRole' }>
const entersAccounts = (one: StsPermission): one is AssumePermission => one.action === 'sts:AssumeRole'
const tellsIdentity = (one: StsPermission): one is Exclude<StsPermission, AssumePermission> => !entersAccounts(one)

type IamPermission = (typeof iam)[number]
/** A listing gives all roles at once: to read single ones is for functions. */
const ofAccount = (one: IamPermission): one is Exclude<IamPermission, { readonly resource: 'role' }> =>
  one.resource !== 'role'

/** Every call that reading live makes, by who needs it; `images` is what a member needs on top when images are read. */
export const readerPermissions = {
  member: [
    ...configQuery.filter(ofRegion),
    ...ec2,
    ...ecr,
    ...ecrReplication,
    ...ecs,
    ...eks,
    ...eksAccess,
    ...iam.filter(ofAccount),
    ...instances,
    ...regions,
    ...route53,
    ...route53Profiles,
    ...sts.filter(tellsIdentity),
    ...tags,
    ...transit,
  ],
  images: ecrImages,
  organization: [...organizations, ...sts.filter(entersAccounts)],
  aggregator: configQuery.filter(ofAggregator),
  doctor,
} as const satisfies Record<ReaderPart | 'images', readonly ReadPermission[]>

/** IAM's name of a call that reading live makes. */
export type ReaderAction = (typeof readerPermissions)[keyof typeof readerPermissions][number]['action']
