import { parseArn } from '../model/arn.ts'
import { type Fact, known, unknown } from '../model/fact.ts'
import type { ConfigurationItem } from './configuration-item.ts'
import type { NetworkResource } from './network.ts'
import { stringProperty } from './property.ts'
import { resourceOfItem } from './resource-of-item.ts'

/** What every view of a part of a network starts with; `idName` is the property that states the id. */
export function networkResourceOf(item: ConfigurationItem, idName: string): NetworkResource {
  return {
    ...resourceOfItem(item),
    id: stringProperty(item.configuration, idName) ?? item.resourceId,
    ownerId: ownerOf(item),
  }
}

/** Known unless the property could not be read; `what` names it in a sentence. */
export function readable<T>(value: T | undefined, what: string, item: ConfigurationItem): Fact<T> {
  return value === undefined ? unknown(`${what} of ${item.resourceId} are missing or unreadable`) : known(value)
}

/** A shared VPC or subnet keeps the owner's account in its ARN, whoever's files hold it. */
function ownerOf({ configuration, arn, accountId }: ConfigurationItem): string {
  const stated = stringProperty(configuration, 'OwnerId')
  if (stated !== undefined) return stated
  const inArn = parseArn(arn)?.accountId
  return inArn === undefined || inArn === '' ? accountId : inArn
}
