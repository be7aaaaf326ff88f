import type { ProfilesReader } from '../../../shared/sources/route53-profiles/read-profiles.ts'
import { route53ProfilesClient } from '../../../shared/sources/route53-profiles/route53-profiles-client.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { emptyProfiles, type FakeProfiles, route53ProfilesService } from '../../support/fake-aws/route53-profiles.ts'

export const associationType = 'AWS::Route53Profiles::ProfileAssociation'
export const resourceType = 'AWS::Route53Profiles::ProfileResourceAssociation'
export const zone = 'arn:aws:route53:::hostedzone/Z1'
export const endpoint = 'arn:aws:ec2:eu-central-1:111122223333:vpc-endpoint/vpce-1'

/** The ARN of an association with a VPC. */
export const arnOf = (id: string) => `arn:aws:route53profiles:eu-central-1:111122223333:profile-association/${id}`
/** The ARN of an association with a resource. */
export const resourceArnOf = (id: string) =>
  `arn:aws:route53profiles:eu-central-1:111122223333:profile-resource-association/${id}`

/** Profile rp-1 of vpc-1 and vpc-2 with a zone and an endpoint, rp-2 of vpc-3 with a zone, rp-3 of no VPC. */
export function fillProfiles({ state }: FakeAws): FakeProfiles {
  const profiles = emptyProfiles()
  state.services.set('route53profiles', route53ProfilesService(profiles))
  profiles.profileIds.push('rp-1', 'rp-2', 'rp-3')
  profiles.associations.push(
    association('rpassoc-1', 'rp-1', 'vpc-1'),
    association('rpassoc-2', 'rp-1', 'vpc-2'),
    association('rpassoc-3', 'rp-2', 'vpc-3'),
  )
  profiles.resources.push(
    resource('rpr-1', 'rp-1', zone),
    resource('rpr-2', 'rp-1', endpoint),
    resource('rpr-3', 'rp-2', 'arn:aws:route53:::hostedzone/Z2'),
    resource('rpr-4', 'rp-3', 'arn:aws:route53:::hostedzone/Z3'),
  )
  return profiles
}

/** An association of a profile with a VPC, as the service spells it. */
export function association(Id: string, ProfileId: string, ResourceId: string, Status: unknown = 'COMPLETE') {
  return {
    Id,
    Name: 'name',
    OwnerId: '111122223333',
    ProfileId,
    ResourceId,
    Status,
    StatusMessage: '',
    CreationTime: 1,
  }
}

/** An association of a profile with a resource, as the service spells it. */
export function resource(Id: string, ProfileId: string, ResourceArn: string, Status: unknown = 'COMPLETE') {
  const ResourceType = ResourceArn.includes('hostedzone') ? 'HostedZone' : 'VpcEndpoint'
  return { Id, Name: 'name', OwnerId: '111122223333', ProfileId, ResourceArn, ResourceType, Status, CreationTime: 1 }
}

/** The reader of the fake's account. */
export function profilesReader({ endpoint: url, state }: FakeAws, callTimeout = 5_000): ProfilesReader {
  const { accountId, region } = state
  const credentials = async () => ({ accessKeyId: 'test', secretAccessKey: 'test' })
  const client = route53ProfilesClient({ region, credentials, endpoint: url })
  return { client, accountId, region, readAt: '2026-03-01T12:00:00.000Z', callTimeout }
}
