/** One page of associations, in the words of the Route 53 Profiles API. */
export interface ProfilesPage<T> {
  readonly entries: readonly T[] | undefined
  readonly NextToken: string | undefined
}

/** A profile associated with a VPC. */
export interface ProfileAssociation {
  readonly Id?: string
  readonly ProfileId?: string
  readonly ResourceId?: string
  readonly Status?: string
}

/** A resource (a hosted zone, an endpoint, …) associated with a profile. */
export interface ProfileResourceAssociation {
  readonly Id?: string
  readonly ProfileId?: string
  readonly ResourceArn?: string
  readonly ResourceType?: string
  readonly Status?: string
}

/** The calls of Route 53 Profiles this project makes. Errors carry the service's error name, as those of the SDK do. */
export interface Route53ProfilesClient {
  listProfileAssociations(
    token: string | undefined,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<ProfilesPage<ProfileAssociation>>
  listProfileResourceAssociations(
    profileId: string,
    token: string | undefined,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<ProfilesPage<ProfileResourceAssociation>>
}

export { type ProfilesConnection, route53ProfilesClient } from './route53-profiles-client.ts'
