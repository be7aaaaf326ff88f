import type { ChangedResource } from '../../shared/events/audit-request.ts'
import type { Ground } from '../../shared/live/decision.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'

/** What is known of a resource besides where it is. */
export type Named = Pick<ResourceRef, 'type' | 'id'> & {
  readonly arn?: string | undefined
  readonly name?: string | undefined
}

/** A resource of the judged account and region as it can be looked at, although no change has named it. */
export function placed({ type, id, arn, name }: Named, { view }: Ground): ChangedResource {
  const { accountId, region, readAt } = view.reader
  return { type, id, arn, name, accountId, region, status: 'OK', capturedAt: readAt, leftScope: false }
}
