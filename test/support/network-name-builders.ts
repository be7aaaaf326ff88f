import { type EstatePart, home, itemWith, stated } from './estate.ts'
import { homeVpc } from './network-item.ts'

/** Name, type and values of a record set; an alias has the type `alias` and one value. */
export type ZoneRecord = readonly [string, string, ...string[]]

/** A private hosted zone of `vpc-1`; `records: 'notRead'` leaves them out. */
export function hostedZone(
  options: {
    readonly id?: string
    readonly name?: string
    readonly isPrivate?: boolean
    readonly vpcs?: readonly string[]
    readonly records?: readonly ZoneRecord[] | 'notRead'
  } = {},
): EstatePart {
  const id = options.id ?? 'Z1'
  const records = options.records ?? []
  return itemWith({
    resourceType: 'AWS::Route53::HostedZone',
    resourceId: id,
    ARN: `arn:aws:route53:${home.region}:${home.accountId}:hostedzone/${id}`,
    configuration: {
      Id: `/hostedzone/${id}`,
      Name: options.name ?? `dkr.ecr.${home.region}.amazonaws.com.`,
      HostedZoneConfig: { PrivateZone: options.isPrivate ?? true },
      VPCs: (options.vpcs ?? [homeVpc]).map((VPCId) => ({ VPCId, VPCRegion: home.region })),
    },
    supplementaryConfiguration: stated({
      resourceRecordSets: records === 'notRead' ? undefined : records.map(recordSet),
    }),
  })
}

function recordSet([name, type, ...values]: ZoneRecord) {
  return type === 'alias'
    ? { Name: name, Type: 'A', AliasTarget: { HostedZoneId: 'Z2', DNSName: values[0] ?? '' } }
    : { Name: name, Type: type, ResourceRecords: values.map((Value) => ({ Value })) }
}

/** The association of a Route 53 Profile with a VPC. */
export function profileAssociation(options: { readonly profile?: string; readonly vpc?: string } = {}): EstatePart {
  const profile = options.profile ?? 'rp-1'
  const vpcId = options.vpc ?? homeVpc
  return profileItem('ProfileAssociation', `rpassoc-${profile}-${vpcId}`, { ProfileId: profile, ResourceId: vpcId })
}

/** A hosted zone, endpoint or resolver rule that a Route 53 Profile carries. */
export function profileResource(options: { readonly profile?: string; readonly arn: string }): EstatePart {
  const profile = options.profile ?? 'rp-1'
  const id = `rpr-${profile}-${options.arn.split('/').at(-1)}`
  return profileItem('ProfileResourceAssociation', id, { ProfileId: profile, ResourceArn: options.arn })
}

function profileItem(kind: string, id: string, more: { readonly [key: string]: string }): EstatePart {
  const arn = `arn:aws:route53profiles:${home.region}:${home.accountId}:${kind}/${id}`
  return itemWith({
    resourceType: `AWS::Route53Profiles::${kind}`,
    resourceId: id,
    ARN: arn,
    configuration: { Id: id, ...more },
  })
}
