import { join } from 'node:path'
import { expect, it } from 'vitest'
import { auditInventory } from '../../shared/engine/audit.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import type { Organization } from '../../shared/model/organization.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { rules } from '../../shared/rules/index.ts'
import { readSnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'

const folder = join(import.meta.dirname, '../../examples/organization')

// What can never take effect is so whoever is a member; the analysis asks for its other answers.
const askingForNothing = ['ecr-repository-policy-effective']

/** The organization, noting whether anybody asks who is a member. */
function watched(organization: Organization): { readonly organization: Organization; readonly asked: () => boolean } {
  let asked = false
  const watch = new Proxy(organization, {
    get(target, name, receiver) {
      asked ||= name === 'organizationAccounts' || name === 'organizationId'
      return Reflect.get(target, name, receiver)
    },
  })
  return { organization: watch, asked: () => asked }
}

it('a rule that asks who is a member of the organization says so, or reads the organization anyway', async () => {
  const files = await readSnapshotFiles([folder], { wantedTypes: wantedTypes(rules) })
  const types = typesOf(rules)
  const inventory = buildInventory({ ...files, types, assumeRecorded: false, capturedPolicy: awsManagedPolicy })
  const asking = rules.filter((rule) => {
    const { organization, asked } = watched(organizationOf(inventory, defaultSettings))
    auditInventory({ inventory, rules: [rule], settings: defaultSettings, organization })
    return asked()
  })
  const told = rules.filter(({ asksWhoIsOurs, reads }) => {
    return asksWhoIsOurs === true || reads.some((type) => type.startsWith('AWS::Organizations::'))
  })
  const ids = (some: typeof rules) => some.map(({ id }) => id)
  expect(ids(asking).filter((id) => !ids(told).includes(id))).toEqual(askingForNothing)
  const declared = told.filter(({ asksWhoIsOurs }) => asksWhoIsOurs === true)
  expect(ids(declared).filter((id) => !ids(asking).includes(id))).toEqual([])
})
