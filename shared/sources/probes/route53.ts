import { ListHostedZonesByVPCCommand, ListResourceRecordSetsCommand, type VPCRegion } from '@aws-sdk/client-route-53'
import { type Probe, probe } from './probe.ts'

/** Route 53 refuses to list the zones of a VPC the caller cannot see as if the permission were missing: a real one is asked about. */
const zonesOfVpc: Probe = {
  send: ({ clients, options, region, id }) =>
    clients.route53.send(
      new ListHostedZonesByVPCCommand({ VPCId: id, VPCRegion: region as VPCRegion, MaxItems: 1 }),
      options,
    ),
  after: [],
  sample: 'vpc',
}

/** Route 53 and Route 53 Profiles. */
export const route53Probes = {
  'route53:ListHostedZonesByVPC': zonesOfVpc,
  'route53:ListResourceRecordSets': probe(
    ({ clients, options }) =>
      clients.route53.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: 'Z00000000000000000000', MaxItems: 1 }),
        options,
      ),
    'NoSuchHostedZone',
  ),
  'route53profiles:ListProfileAssociations': probe(({ clients, options }) =>
    clients.route53Profiles.listProfileAssociations(undefined, options),
  ),
  'route53profiles:ListProfileResourceAssociations': probe(
    ({ clients, options }) =>
      clients.route53Profiles.listProfileResourceAssociations('rp-0000000000000000', undefined, options),
    'ResourceNotFoundException',
  ),
} as const
