import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
} from '@aws-sdk/client-organizations'
import type { Place } from './cloudformation.ts'
import { servicesOf } from './services.ts'

/** An organization in moto, seen from its management account. */
export interface MotoOrganization {
  readonly id: string
  /** Makes a unit below the root; its id. */
  readonly unit: (name: string) => Promise<string>
  /** Makes an account in a unit; its id, which moto chooses. */
  readonly join: (name: string, unit: string) => Promise<string>
}

/** Makes the account of a place the management account of an organization. */
export async function foundOrganization(management: Place): Promise<MotoOrganization> {
  const { organizations } = servicesOf(management)
  const { Organization } = await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
  const { Roots = [] } = await organizations.send(new ListRootsCommand({}))
  const root = Roots[0]?.Id ?? ''
  return {
    id: Organization?.Id ?? '',
    unit: async (Name) => {
      const made = await organizations.send(new CreateOrganizationalUnitCommand({ ParentId: root, Name }))
      return made.OrganizationalUnit?.Id ?? ''
    },
    join: async (AccountName, DestinationParentId) => {
      const input = { AccountName, Email: `${AccountName}@example.com` }
      const { CreateAccountStatus } = await organizations.send(new CreateAccountCommand(input))
      const AccountId = CreateAccountStatus?.AccountId ?? ''
      await organizations.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId }))
      return AccountId
    },
  }
}
