import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import type { SnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { serveAutoScaling } from '../support/fake-aws/auto-scaling.ts'
import { serveEc2 } from '../support/fake-aws/ec2.ts'
import { emptyEksAccess } from '../support/fake-aws/eks-access.ts'
import { fakeOrganization, organizationsService } from '../support/fake-aws/organizations.ts'
import { keysOf } from './accounts.ts'
import { loadNetworks } from './load-networks.ts'
import { apiWords, ofType, type Place, readerRole, textOf } from './load-place.ts'
import { loadRegistry } from './load-registry.ts'
import { loadRoles } from './load-roles.ts'
import { loadWorkloads } from './load-workloads.ts'
import { loadZones } from './load-zones.ts'
import { type Overlay, serveEksAccess } from './overlay.ts'

const regions = ['eu-central-1', 'us-east-1']

/** What the files of an estate hold. */
export type LoadedFiles = Pick<SnapshotFiles, 'items' | 'deletions'>

/**
 * Puts the items into moto, and into the overlay what moto has no place for. The accounts keep their ids; AWS Organizations is
 * the overlay's, because moto makes ids of its own.
 * @returns what moto refused
 */
export async function loadOrganization(overlay: Overlay, files: LoadedFiles): Promise<readonly string[]> {
  const newest = newestOf(files)
  const refused: string[] = []
  const { endpoint } = overlay
  const accounts = [...new Set(newest.map(({ accountId }) => accountId))]
  await Promise.all(
    accounts.map(async (accountId) => {
      const own = newest.filter((item) => item.accountId === accountId)
      const credentials = await keysOf(endpoint, accountId, readerRole)
      const place = { endpoint, accountId, credentials, overlay, refused }
      await loadRoles({ ...place, region: 'us-east-1' }, own)
      for (const region of regions) {
        const items = own.filter((item) => item.region === region)
        await loadRegion({ ...place, region }, items)
      }
      await loadZones({ ...place, region: 'us-east-1' }, newest)
    }),
  )
  loadGuardrails(overlay, newest)
  return refused.sort()
}

async function loadRegion(place: Place, items: readonly ConfigurationItem[]): Promise<void> {
  await loadNetworks(place, items)
  await loadRegistry(place, items)
  await loadWorkloads(place, items)
  loadOverlay(place, items)
}

/** Of several items of a resource the newest counts, as for the audit; accounts outside the organization are left out. */
function newestOf({ items, deletions }: LoadedFiles): readonly ConfigurationItem[] {
  const accounts = new Set(ofType(items, 'AWS::Organizations::Account').map(({ resourceId }) => resourceId))
  const byResource = new Map<string, ConfigurationItem>()
  for (const item of [...items].sort((a, b) => (a.captureTime < b.captureTime ? -1 : 1))) {
    if (accounts.has(item.accountId)) byResource.set(`${item.resourceType} ${item.accountId} ${item.arn}`, item)
  }
  const isGone = (item: ConfigurationItem) =>
    deletions.some(({ resourceType, accountId, region, resourceId, captureTime }) =>
      [
        item.resourceType === resourceType && item.resourceId === resourceId,
        item.accountId === accountId && item.region === region && item.captureTime <= captureTime,
      ].every(Boolean),
    )
  return [...byResource.values()].filter((item) => !isGone(item))
}

/** What moto does not model and the overlay serves. */
function loadOverlay({ overlay, accountId, region }: Place, items: readonly ConfigurationItem[]): void {
  const world = overlay.world(accountId, region)
  const { state } = world
  const wordsOf = (type: string) => ofType(items, type).map(({ configuration }) => apiWords(configuration))
  state.cacheRules.push(...wordsOf('AWS::ECR::PullThroughCacheRule'))
  for (const { createdAt: _, updatedAt: __, ...template } of wordsOf('AWS::ECR::RepositoryCreationTemplate')) {
    state.creationTemplates.push(template)
  }
  for (const item of ofType(items, 'AWS::ECS::CapacityProvider')) {
    state.ecs.capacityProviders.push({ ...apiWords(item.configuration), capacityProviderArn: item.arn })
  }
  state.eks.clusters.push(...wordsOf('AWS::EKS::Cluster'))
  const associations = wordsOf('AWS::EKS::PodIdentityAssociation')
  for (const one of associations) one.associationId = String(one.associationArn).split('/').at(-1)
  serveEksAccess(world, { ...emptyEksAccess(), associations })
  loadInstances(world.state, items)
}

/** moto would want machine images, and starts instances by itself. */
function loadInstances(state: ReturnType<Overlay['world']>['state'], items: readonly ConfigurationItem[]): void {
  for (const { configuration } of ofType(items, 'AWS::AutoScaling::AutoScalingGroup')) {
    const group = configuration as Record<string, unknown>
    const template = group.launchTemplate as Record<string, unknown>
    state.autoScaling.groups.push({
      AutoScalingGroupName: group.autoScalingGroupName,
      AutoScalingGroupARN: group.autoScalingGroupARN,
      LaunchTemplate: {
        LaunchTemplateId: template.launchTemplateId,
        LaunchTemplateName: template.launchTemplateName,
        Version: template.version,
      },
      VPCZoneIdentifier: group.vpczoneIdentifier,
    })
  }
  for (const { resourceId, configuration } of ofType(items, 'AWS::EC2::LaunchTemplate')) {
    state.ec2.launchTemplateVersions.push({
      launchTemplateId: resourceId,
      launchTemplateName: configuration.LaunchTemplateName,
      versionNumber: 1,
      defaultVersion: true,
      latest: true,
      launchTemplateData: apiWords(configuration.LaunchTemplateData),
    })
  }
  state.services.set('autoscaling', (operation, body) => serveAutoScaling(state.autoScaling, operation, body))
  state.services.set('ec2:DescribeLaunchTemplateVersions', (operation, body) => serveEc2(state.ec2, operation, body))
}

/** The tree and its policies with their own ids. */
function loadGuardrails(overlay: Overlay, items: readonly ConfigurationItem[]): void {
  const of = (type: string) => ofType(items, `AWS::Organizations::${type}`)
  const parentOf = ({ configuration }: ConfigurationItem) => {
    const [parent] = (configuration.ParentIds as readonly string[] | undefined) ?? [String(configuration.ParentId)]
    return parent ?? ''
  }
  const [organization] = of('Organization')
  if (organization === undefined) throw new Error('no organization')
  const management = organization.accountId
  const fake = {
    ...fakeOrganization(management),
    id: organization.resourceId,
    root: String(organization.configuration.RootId),
    policyTypes: ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'].map((Type) => ({ Type, Status: 'ENABLED' })),
    units: of('OrganizationalUnit').map((item) => ({
      id: item.resourceId,
      parent: parentOf(item),
      name: item.resourceName ?? '',
    })),
    accounts: of('Account').map((item) => ({
      id: item.resourceId,
      parent: parentOf(item),
      name: item.resourceName ?? '',
    })),
    policies: of('Policy').map(({ resourceId, configuration }) => ({
      id: resourceId,
      type: String(configuration.Type),
      name: String(configuration.Name),
      content: textOf(configuration.Content),
      targets: configuration.TargetIds as string[],
      awsManaged: configuration.AwsManaged === true,
    })),
  }
  for (const region of regions) {
    overlay.world(management, region).state.services.set('organizations', organizationsService(fake))
  }
}
