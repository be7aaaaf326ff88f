// biome-ignore-all lint/suspicious/noExplicitAny: the fakes hold wire forms
import { fillEc2 } from '../../sources/ec2/account.ts'
import { awsPolicy } from '../../sources/iam/account.ts'
import { association, resource } from '../../sources/route53-profiles/account.ts'
import { joinedNetworks } from '../../sources/transit/account.ts'
import { imagesService, registryService } from '../fake-aws/ecr-images.ts'
import { emptyWorld, type FakeAws, type FakeState, type World } from '../fake-aws/fake-aws.ts'
import type { FakeRole } from '../fake-aws/iam.ts'
import { fakeOrganization, organizationsService } from '../fake-aws/organizations.ts'
import { emptyProfiles, route53ProfilesService } from '../fake-aws/route53-profiles.ts'
import { tagsService } from '../fake-aws/tagging.ts'
import { serveTransit } from '../fake-aws/transit.ts'
import type { FakeAccount } from './fake-estate.ts'
import { homeAccount, homeRegion, moved, networkIdOf } from './placed.ts'
import { fillEks, fillMachines, fillTasks } from './workloads.ts'

/** How large an estate is. */
export interface EstateShape {
  readonly accounts: number
  readonly regions: readonly string[]
  /** Clean repositories in each account and region beside the three that are always there. */
  readonly moreRepositories?: number
}

/** The role that reads in every account, and what has to be said to become it. */
export const readerRole = { roleName: 'pullpath-reader', path: '/', externalId: 'estate-7f3a' } as const
/** The estate most tests are about: three accounts, two regions. */
export const smallShape: EstateShape = { accounts: 3, regions: ['eu-central-1', 'us-east-1'] }
/** The repository everybody may pull from. */
export const publicRepository = 'team/public'
/** The repository whose policy trusts its own account alone. */
export const cleanRepository = 'team/app'
/** The repository that has no policy. */
export const plainRepository = 'team/plain'

/** The ids of an estate's accounts; the first one manages the organization. */
export function accountIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) =>
    String(111_122_223_333 + (n % 8) * 111_111_111_111 + Math.floor(n / 8)),
  )
}

/** An organization whose accounts hold the same, each under its own id: what is mixed up shows. */
export function estateOf(shape: EstateShape): readonly FakeAccount[] {
  const ids = accountIds(shape.accounts)
  return ids.map((accountId) => {
    const global = globalOf(accountId)
    global.state.services.set('organizations', organizationsService(organizationOf(ids, accountId)))
    const regions = shape.regions.map((region) => [region, regionOf(accountId, region, shape)] as const)
    return {
      accountId,
      status: 'ACTIVE' as const,
      role: readerRole,
      global,
      regions: new Map(regions),
    }
  })
}

/** All accounts in one unit, under a policy that keeps everybody from leaving; `caller` is the account that asks. */
function organizationOf(ids: readonly string[], caller: string) {
  const organization = { ...fakeOrganization(ids[0]), caller }
  organization.units.push({ id: 'ou-1abc-apps', parent: organization.root, name: 'apps' })
  organization.accounts.push(...ids.slice(1).map((id) => ({ id, parent: 'ou-1abc-apps' })))
  const content = policy({ Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' })
  organization.policies.push({ id: 'p-stay', name: 'stay', content, targets: ['ou-1abc-apps'] })
  return organization
}

/** The ARN of a repository of the estate. */
export function repositoryArn(accountId: string, region: string, name: string): string {
  return `arn:aws:ecr:${region}:${accountId}:repository/${name}`
}

function regionOf(accountId: string, region: string, { moreRepositories = 0 }: EstateShape): World {
  const world = emptyWorld(accountId, region)
  const { state } = world
  state.repositories.set(publicRepository, policy({ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }))
  state.repositories.set(cleanRepository, ownPolicy(accountId))
  state.repositories.set(plainRepository, undefined)
  for (let n = 0; n < moreRepositories; n++) state.repositories.set(`more/r${n}`, ownPolicy(accountId))
  state.registryPolicy = policy({
    Sid: 'Replicate',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'ecr:ReplicateImage',
    Resource: `arn:aws:ecr:${region}:${accountId}:repository/*`,
  })
  const home = emptyWorld(homeAccount, homeRegion)
  fillEc2(home as unknown as FakeAws)
  Object.assign(state.ec2, moved(home.state.ec2, accountId, region))
  fillMachines(state, accountId, region)
  fillTasks(state, accountId, region)
  fillEks(state, accountId, region)
  fillJoints(state, accountId, region)
  const images = new Map([...state.repositories.keys()].map((name) => [name, [image]]))
  state.services.set('ecr:DescribeImages', imagesService({ repositories: images }))
  state.services.set('ecr:DescribeRegistry', registryService(accountId, []))
  state.services.set('ec2:DescribeRegions', () => regionsAnswer)
  state.services.set('tag', tagsService(new Map()))
  return world
}

const image = { imageDigest: `sha256:${'a'.repeat(64)}`, imageTags: ['1'], imagePushedAt: 1_767_225_600 }

/** What joins the network with others, and a profile with a zone. */
function fillJoints({ services }: FakeState, accountId: string, region: string): void {
  serveTransit(services, moved(joinedNetworks(), accountId, region))
  const profiles = emptyProfiles()
  profiles.profileIds.push('rp-1')
  profiles.associations.push(association('rpassoc-1', 'rp-1', 'vpc-1'))
  profiles.resources.push(resource('rpr-1', 'rp-1', `arn:aws:route53:::hostedzone/Z${accountId}`))
  services.set('route53profiles', route53ProfilesService(moved(profiles, accountId, region)))
}

const regionsAnswer = {
  regionInfo: ['eu-central-1', 'us-east-1', 'us-west-2'].map((regionName) => ({
    regionName,
    regionEndpoint: `ec2.${regionName}.amazonaws.com`,
    optInStatus: 'opt-in-not-required',
  })),
}

function globalOf(accountId: string): World {
  const world = emptyWorld(accountId, 'us-east-1')
  const pull = policy({
    Effect: 'Allow',
    Action: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    Resource: '*',
  })
  const everything = policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' })
  world.state.iam.roles.push(
    roleFor('exec', 'ecs-tasks.amazonaws.com', everything),
    // May not pull: the images of its nodes cannot start.
    roleFor('node', 'ec2.amazonaws.com', policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })),
    roleFor('task', 'ecs-tasks.amazonaws.com', policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })),
    roleFor('pods', 'eks-fargate-pods.amazonaws.com', pull, [awsPolicy]),
    roleFor('cluster', 'eks.amazonaws.com', pull),
    { name: readerRole.roleName, id: 'AROAREADER', trust: trust('config.amazonaws.com') },
  )
  const { iam, route53 } = world.state
  iam.policies.push(
    { arn: `arn:aws:iam::${accountId}:policy/pull`, id: 'ANPAPULL', defaultVersionId: 'v1', versions: only(pull) },
    { arn: awsPolicy, id: 'ANPAAWS', defaultVersionId: 'v1', versions: only(pull) },
  )
  const profile = { InstanceProfileName: 'nodes', InstanceProfileId: 'AIPANODES', Path: '/' }
  const [node] = iam.roles.filter(({ name }) => name === 'node')
  iam.instanceProfiles.push({
    ...profile,
    Arn: `arn:aws:iam::${accountId}:instance-profile/nodes`,
    CreateDate: '2026-01-01T00:00:00Z',
    Roles: [{ RoleName: node?.name, RoleId: node?.id, Path: '/', Arn: `arn:aws:iam::${accountId}:role/node` }],
  })
  route53.zones.push({
    id: `Z${accountId}`,
    name: 'internal.api.aws.',
    owner: { OwningAccount: accountId },
    vpcIds: [networkIdOf('vpc-1', accountId, homeRegion)],
    records: [
      {
        Name: 'db.internal.api.aws.',
        Type: 'A',
        TTL: 60,
        ResourceRecords: { ResourceRecord: [{ Value: '10.0.0.9' }] },
      },
    ],
  })
  return world
}

function roleFor(name: string, service: string, document: string, attached: readonly string[] = []): FakeRole {
  const inline = [{ name: 'inline', document }]
  return { name, id: `AROA${name.toUpperCase()}`, trust: trust(service), inline, attached }
}

function only(document: string): ReadonlyMap<string, string> {
  return new Map([['v1', document]])
}

function trust(service: string): string {
  return policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' })
}

function ownPolicy(accountId: string): string {
  return policy({
    Sid: 'Own',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  })
}

/** A policy of one statement as text. */
export function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}
