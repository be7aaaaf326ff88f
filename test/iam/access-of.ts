import { accessTo } from '../../shared/iam/access.ts'
import type { JsonValue } from '../../shared/model/json.ts'
import { policyWith } from './policy-of.ts'

/** One policy and what is expected of it. */
export interface Case {
  readonly name: string
  /** Statements of the repository policy, or whole documents. */
  readonly statements?: readonly JsonValue[]
  readonly registry?: readonly JsonValue[]
  readonly registryActions?: readonly string[]
  readonly version?: string
  readonly region?: string
  readonly resource?: string
  readonly organizationUnknown?: boolean
  /** Members of the organization; 222222222222 alone when left out. */
  readonly members?: readonly string[]
  /** Why the members of the organization could not be read. */
  readonly unread?: string
  readonly now?: string
  /** Tags of the repository; left out they are not known. */
  readonly tags?: Readonly<Record<string, string>>
  /** `audience principal`, with ` bound`, ` whole` ` ?` (uncertain) and ` missing` (facts) after it. */
  readonly grants: readonly string[]
  readonly uncertain?: readonly string[]
  readonly missing?: readonly string[]
  /** Actions of every grant together, when the case is about them. */
  readonly actions?: readonly string[]
  readonly narrowedBy?: readonly string[]
  readonly dead?: readonly string[]
}

/** Access to one repository of account 111122223333 under the policies of a case. */
export function accessOf(test: Omit<Case, 'name' | 'grants'>) {
  const region = test.region ?? 'eu-west-1'
  const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws'
  return accessTo({
    resourceArn: test.resource ?? `arn:${partition}:ecr:${region}:111122223333:repository/app`,
    resourceAccountId: '111122223333',
    region,
    documents: [
      ...(test.statements === undefined
        ? []
        : [
            {
              document: 'repository policy' as const,
              policy: policyWith(test.statements, test.version),
              appliesTo: 'all-actions' as const,
            },
          ]),
      ...(test.registry === undefined
        ? []
        : [
            {
              document: 'registry policy' as const,
              policy: policyWith(test.registry),
              appliesTo: test.registryActions ?? ('all-actions' as const),
            },
          ]),
    ],
    organization: {
      ...(test.organizationUnknown ? {} : { organizationId: 'o-ours123456' }),
      ownAccounts: new Set(['111122224444']),
      organizationAccounts: new Set(test.members ?? ['222222222222']),
      trustedAccounts: new Set(['333333333333']),
      ...(test.unread === undefined ? {} : { unread: test.unread }),
    },
    ...(test.now === undefined ? {} : { now: new Date(test.now) }),
    ...(test.tags === undefined ? {} : { resourceTags: new Map(Object.entries(test.tags)) }),
  })
}
