/** What an action is for: rules speak in these words. `policy` changes who may do what; `delete` destroys images or repositories. */
export type EcrActionGroup = 'token' | 'pull' | 'read' | 'push' | 'delete' | 'policy' | 'configure'

/** One action of the private registry. */
export interface EcrAction {
  /** Canonical spelling, `ecr:BatchGetImage`. */
  readonly name: string
  readonly group: EcrActionGroup
  /** `repository`: authorised on one repository, so its policy can grant it. `registry`: on the registry or on `*`. */
  readonly level: 'repository' | 'registry'
}

const names: Readonly<Record<'repository' | 'registry', Readonly<Partial<Record<EcrActionGroup, string>>>>> = {
  repository: {
    pull: 'BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer',
    read: `BatchGetRepositoryScanningConfiguration DescribeImageReplicationStatus DescribeImageScanFindings
      DescribeImageSigningStatus DescribeImages DescribeRepositories GetImageCopyStatus GetLifecyclePolicy
      GetLifecyclePolicyPreview GetRepositoryPolicy ListImageReferrers ListImages ListTagsForResource`,
    push: `BatchImportUpstreamImage CompleteLayerUpload CreateRepository InitiateLayerUpload PutImage ReplicateImage
      UploadLayerPart`,
    delete: 'BatchDeleteImage DeleteRepository',
    policy: 'DeleteRepositoryPolicy SetRepositoryPolicy',
    configure: `DeleteLifecyclePolicy PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy
      StartImageScan StartLifecyclePolicyPreview TagResource UntagResource UpdateImageStorageClass`,
  },
  registry: {
    token: 'GetAuthorizationToken',
    read: `DescribePullThroughCacheRules DescribeRegistry DescribeReplicationBackfillResults
      DescribeRepositoryCreationTemplates GetAccountSetting GetRegistryPolicy GetRegistryScanningConfiguration
      GetSigningConfiguration ListPullTimeUpdateExclusions ListReplicationBackfills ValidatePullThroughCacheRule`,
    policy: 'DeleteRegistryPolicy PutAccountSetting PutRegistryPolicy',
    configure: `CreatePullThroughCacheRule CreateRepositoryCreationTemplate DeletePullThroughCacheRule
      DeleteRepositoryCreationTemplate DeleteSigningConfiguration DeregisterPullTimeUpdateExclusion
      PutRegistryScanningConfiguration PutReplicationConfiguration PutSigningConfiguration
      RegisterPullTimeUpdateExclusion StartReplicationBackfill StopReplicationBackfill UpdatePullThroughCacheRule
      UpdateRepositoryCreationTemplate`,
  },
}

function actionsOf(level: 'repository' | 'registry'): EcrAction[] {
  return Object.entries(names[level]).flatMap(([group, list]) =>
    list.split(/\s+/).map((name) => ({ name: `ecr:${name}`, group: group as EcrActionGroup, level })),
  )
}

/** Every action of the private registry, sorted by name. The order gives each action its bit in an action mask. */
export const ecrActions: readonly EcrAction[] = [...actionsOf('repository'), ...actionsOf('registry')].sort((a, b) =>
  a.name < b.name ? -1 : 1,
)

const byName: ReadonlyMap<string, EcrAction> = new Map(ecrActions.map((action) => [action.name.toLowerCase(), action]))

/** The action with this name in any spelling of case; undefined when ECR has none. */
export function ecrAction(name: string): EcrAction | undefined {
  return byName.get(name.toLowerCase())
}

/** Canonical names of all actions of a group, sorted. */
export function actionsInGroup(group: EcrActionGroup): readonly string[] {
  return ecrActions.filter((action) => action.group === group).map((action) => action.name)
}

/** The actions that fetch an image. BatchCheckLayerAvailability is not needed, but grants nothing more. */
export const pullActions: readonly string[] = actionsInGroup('pull')
