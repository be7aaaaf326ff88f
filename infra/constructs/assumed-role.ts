import { Aws, type CfnCondition, Fn } from 'aws-cdk-lib'
import { neverStatement, type PermissionStatement } from '../derive/permissions.ts'
import { statementDocument } from './statement-document.ts'

/** The one role that a function may enter, if the deployer names one. */
export interface AssumedRole {
  readonly isGiven: CfnCondition
  /** A token; empty unless it is given. */
  readonly arn: string
}

const assume = 'sts:AssumeRole'

/**
 * The statements of a function as they stand in its policy. Where a role is given, the function may enter exactly that one, and what
 * denies it all others spares it; in all other deployments it may enter none.
 */
export function statementDocuments(statements: readonly PermissionStatement[], assumes?: AssumedRole): unknown[] {
  if (assumes === undefined) return statements.map(statementDocument)
  return [
    ...statements.flatMap((statement) =>
      statement === neverStatement ? neverBut(assumes) : [statementDocument(statement)],
    ),
    onlyGiven(assumes, entering(assumes), Aws.NO_VALUE),
  ]
}

function neverBut(assumes: AssumedRole): unknown[] {
  const { actions } = neverStatement
  const never = { Sid: 'NeverOtherRoles', Effect: 'Deny', Action: assume }
  return [
    statementDocument({ ...neverStatement, actions: actions.filter((action) => action !== assume) }),
    onlyGiven(assumes, { ...never, NotResource: assumes.arn }, { ...never, Resource: '*' }),
  ]
}

function entering({ arn }: AssumedRole): object {
  return { Sid: 'LookUpRepositoriesOfOthers', Effect: 'Allow', Action: [assume], Resource: arn }
}

function onlyGiven({ isGiven }: AssumedRole, given: unknown, otherwise: unknown): unknown {
  return Fn.conditionIf(isGiven.logicalId, given, otherwise)
}
