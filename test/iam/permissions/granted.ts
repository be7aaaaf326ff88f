import type { ContextValue } from '../../../shared/iam/conditions/context.ts'
import type { PolicyDocument } from '../../../shared/iam/evaluate/types.ts'
import { registryPermissions } from '../../../shared/iam/permissions/registry-permissions.ts'
import type { PermissionsInput } from '../../../shared/iam/permissions/types.ts'
import type { JsonValue } from '../../../shared/model/json.ts'
import { policyWith } from '../policy-of.ts'

export const account = '111122223333'
export const arnOf = (name: string, owner = account, region = 'eu-west-1'): string =>
  `arn:aws:ecr:${region}:${owner}:repository/${name}`

/** A policy of the version. */
export function documentOfVersion(
  version: string,
  name: string,
  statements: readonly JsonValue[],
): PolicyDocument & { readonly state: 'known' } {
  return { state: 'known', name, policy: policyWith(statements, version) }
}

export const documentOf = (name: string, ...statements: readonly JsonValue[]): PolicyDocument =>
  documentOfVersion('2012-10-17', name, statements)

export const allow = (
  action: JsonValue,
  resource: JsonValue,
  more: { readonly [key: string]: JsonValue } = {},
): JsonValue => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
})

export const deny = (action: JsonValue, more: { readonly [key: string]: JsonValue }): JsonValue => ({
  Effect: 'Deny',
  Action: action,
  ...more,
})

/** Layers, repositories that are known and what every request carries. */
export type Given = Partial<PermissionsInput['layers']> & {
  readonly repositories?: readonly string[]
  readonly context?: Readonly<Record<string, ContextValue>>
}

/** The question about a role of the account. */
export const inputOf = ({ repositories = [], context = {}, ...layers }: Given): PermissionsInput => ({
  layers: { identityPolicies: [], ...layers },
  principal: { kind: 'role', arn: `arn:aws:iam::${account}:role/app`, accountId: account },
  contextOf: () => new Map(Object.entries(context)),
  repositories: repositories.map((arn) => ({ arn, accountId: arn.split(':')[4] ?? '' })),
  home: { partition: 'aws', accountId: account, regions: ['eu-west-1'] },
})

/** Grants as one line each: `ecr:PutImage pattern arn:… abroad ?`. */
export const grantsOf = (given: Given): readonly string[] =>
  registryPermissions(inputOf(given)).grants.map(
    ({ action, scope, pattern, certain, inHomeAccount }) =>
      `${action} ${scope} ${pattern}${inHomeAccount ? '' : ' abroad'}${certain ? '' : ' ?'}`,
  )

export const byPolicy = (...statements: readonly JsonValue[]) => ({
  identityPolicies: [documentOf('own', ...statements)],
})
