import { snapshotPieces } from '../../../shared/sinks/snapshot/write-snapshot.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import { fakeOrganization } from '../../support/fake-aws/organizations.ts'
import { readingOf } from '../organizations/organization.ts'

export const manager = '999999999999'
export const member = '111122223333'

/** A reading of an organization with one unit, one member in it and a guardrail. */
export function smallOrganization(memberName = 'shop'): Promise<Reading> {
  const organization = fakeOrganization(manager)
  organization.units.push({ id: 'ou-1abc-top', parent: 'r-1abc' })
  organization.accounts.push({ id: member, parent: 'ou-1abc-top', name: memberName })
  organization.policies.push({
    ...{ id: 'p-deny', name: 'deny', targets: ['ou-1abc-top'] },
    content: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ecr:*","Resource":"*"}]}',
  })
  return readingOf(organization)
}

/** The text the hub publishes for a reading. */
export function publishedText(reading: Reading, collectedAt = '2026-03-01T12:00:00.000Z', regions = ['eu-central-1']) {
  const { items, coverage } = reading
  return [
    ...snapshotPieces({ id: 'organization', version: '1', collectedAt, items, coverage, more: { regions } }),
  ].join('')
}
