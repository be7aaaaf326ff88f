import { stringProperty } from '../../shared/inventory/property.ts'
import type { Facts } from './facts.ts'

/** `o-…`, as the published organization says; undefined when it does not, or not as it should. */
export function organizationIdIn({ items }: Facts): string | undefined {
  const ids = items
    .filter(({ resourceType }) => resourceType === 'AWS::Organizations::Organization')
    .map(({ configuration }) => stringProperty(configuration, 'Id'))
  return ids.find((id) => id !== undefined && /^o-[a-z0-9]{10,32}$/.test(id))
}
