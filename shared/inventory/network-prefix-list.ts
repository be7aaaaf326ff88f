import type { ConfigurationItem } from './configuration-item.ts'
import type { PrefixList } from './network.ts'
import { isCidr } from './network-cidr.ts'
import { networkResourceOf, readable } from './network-resource.ts'
import { textsProperty } from './network-texts.ts'
import { stringProperty } from './property.ts'

/** The typed view of an `AWS::EC2::PrefixList` item, AWS's own lists included. */
export function prefixListOf(item: ConfigurationItem): PrefixList {
  const cidrs = textsProperty(item.configuration, 'Entries', 'Cidr')
  return {
    ...networkResourceOf(item, 'PrefixListId'),
    name: stringProperty(item.configuration, 'PrefixListName') ?? '',
    cidrs: readable(cidrs?.every(isCidr) ? cidrs : undefined, 'the entries', item),
  }
}
