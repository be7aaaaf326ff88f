import {
  AssociateVPCWithHostedZoneCommand,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
  type VPC,
} from '@aws-sdk/client-route-53'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { serveRoute53 } from '../support/fake-aws/route53.ts'
import { make, ofType, type Place, put, type Words } from './load-place.ts'

/**
 * Puts the private hosted zones of the account into moto. In VPCs of other accounts they answer as well, which moto does not
 * tell these: the overlay does, in the account of the place, of the zones of all.
 */
export async function loadZones(place: Place, items: readonly ConfigurationItem[]): Promise<void> {
  const zones = ofType(items, 'AWS::Route53::HostedZone')
  for (const zone of zones) {
    if (zone.accountId === place.accountId) await loadZone(place, zone)
  }
  if (zones.some(({ accountId }) => accountId === place.accountId)) return
  const { state } = place.overlay.world(place.accountId, place.region)
  for (const { resourceId: id, accountId: OwningAccount, configuration } of zones) {
    const vpcIds = vpcsOf(configuration).map(({ VPCId = '' }) => VPCId)
    state.route53.zones.push({ id, name: String(configuration.Name), owner: { OwningAccount }, vpcIds, records: [] })
  }
  state.services.set('route53:ListHostedZonesByVPC', (operation, body) => serveRoute53(state.route53, operation, body))
}

async function loadZone(place: Place, { resourceId, configuration, supplementaryConfiguration }: ConfigurationItem) {
  const route53 = new Route53Client({ ...place, maxAttempts: 1 })
  const [first, ...others] = vpcsOf(configuration)
  const created = () =>
    route53.send(
      new CreateHostedZoneCommand({
        Name: String(configuration.Name),
        CallerReference: resourceId,
        HostedZoneConfig: { PrivateZone: true },
        VPC: first,
      }),
    )
  await make(place, resourceId, created, ({ HostedZone }) => HostedZone?.Id?.replace('/hostedzone/', ''))
  for (const VPC of others) {
    const command = new AssociateVPCWithHostedZoneCommand({ HostedZoneId: resourceId, VPC })
    await put(place, `zone ${resourceId}`, () => route53.send(command))
  }
  const records = supplementaryConfiguration.resourceRecordSets as readonly Words[]
  const Changes = records.map((ResourceRecordSet) => ({ Action: 'CREATE' as const, ResourceRecordSet }))
  const command = new ChangeResourceRecordSetsCommand({ HostedZoneId: resourceId, ChangeBatch: { Changes } })
  await put(place, `records ${resourceId}`, () => route53.send(command))
}

function vpcsOf({ VPCs }: ConfigurationItem['configuration']): readonly VPC[] {
  return VPCs as Words
}
