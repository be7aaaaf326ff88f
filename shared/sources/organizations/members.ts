import {
  type Account,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  type OrganizationalUnit,
} from '@aws-sdk/client-organizations'
import { type Answer, askPages, needList, needText } from '../reading.ts'
import { needAccountId, needArn, needId, type OrganizationReader, PAGE } from './reader.ts'

/** An organizational unit as its parent lists it. */
export interface Unit {
  readonly id: string
  readonly arn: string
  readonly name: string
}

/** An account as its parent lists it. */
export interface Member {
  readonly id: string
  readonly arn: string
  /** Undefined for an account without one. */
  readonly name: string | undefined
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, `PENDING_ACTIVATION` or `CLOSED`. */
  readonly status: string
  /** When it became part of the organization, ISO 8601; undefined where nobody says so. */
  readonly joinedAt: string | undefined
}

/** The units right under the root or a unit. */
export function unitsUnder(reader: OrganizationReader, ParentId: string): Promise<Answer<readonly Unit[]>> {
  const action = 'organizations:ListOrganizationalUnitsForParent'
  return askPages(reader, action, undefined, async (NextToken, abortSignal) => {
    const command = new ListOrganizationalUnitsForParentCommand({ ParentId, MaxResults: PAGE, NextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.OrganizationalUnits, 'OrganizationalUnits').map(unitIn)
    return { entries, nextToken: output.NextToken }
  })
}

/** The accounts right under the root or a unit, in whatever state they are. */
export function accountsUnder(reader: OrganizationReader, ParentId: string): Promise<Answer<readonly Member[]>> {
  const action = 'organizations:ListAccountsForParent'
  return askPages(reader, action, undefined, async (NextToken, abortSignal) => {
    const command = new ListAccountsForParentCommand({ ParentId, MaxResults: PAGE, NextToken })
    const output = await reader.client.send(command, { abortSignal })
    return { entries: needList(output.Accounts, 'Accounts').map(memberIn), nextToken: output.NextToken }
  })
}

function unitIn({ Id, Arn, Name }: OrganizationalUnit): Unit {
  return { id: needId(Id, 'ou-'), arn: needArn(Arn), name: needText(Name, 'Name') }
}

function memberIn({ Id, Arn, Name, State, Status, JoinedTimestamp: joined }: Account): Member {
  const isTime = joined instanceof Date && !Number.isNaN(joined.getTime())
  return {
    ...{ id: needAccountId(Id), arn: needArn(Arn), name: Name },
    // AWS retires Status in favour of State, which tells more states apart.
    status: needText(State ?? Status, 'State'),
    joinedAt: isTime ? joined.toISOString() : undefined,
  }
}
