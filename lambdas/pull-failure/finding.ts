import { findingId } from '../../shared/engine/finding-id.ts'
import type { Finding } from '../../shared/model/finding.ts'
import { type HopName, hopNames } from '../../shared/model/pull.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'

/** Generator of these findings. They are not those of the rule `image-pull-path`: that one judges a service, this one tells of errors. */
export const generator = 'pull-failure'

/**
 * What a finding of this function is about: the hop an error speaks of, tasks that do not start for a reason nobody may read, or
 * what ECR did on its own. Each image that was not replicated is one of its own: that another one was says nothing of it.
 */
export type FailureKind = HopName | 'start-impaired' | 'pull-through-cache' | `replication/${string}`

/** Every kind of failure that a workload can have. */
export const workloadKinds: readonly FailureKind[] = [...hopNames, 'start-impaired']

/**
 * The id of the finding about one kind of failure of one workload: the same for every task, event and version, and in an id
 * space of its own.
 */
export function failureId(kind: FailureKind, workload: ResourceRef): string {
  return findingId(`${generator}/${kind}`, workload)
}

/** A finding and the time it speaks of: Security Hub keeps the newest of an id. */
export interface TimedFinding {
  readonly finding: Finding
  /** ISO 8601. */
  readonly at: string
}

/** What differs between findings of one kind of failure. */
export type Said = Pick<Finding, 'compliance' | 'reason'> &
  Partial<Pick<Finding, 'evidence' | 'assumptions' | 'remediation' | 'transience'>>

const url = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html'
const fix = 'Nothing has to be done.'

/** The finding about one kind of failure of one workload. */
export function failureFinding(kind: FailureKind, resource: ResourceRef, said: Said): Finding {
  const { remediation = { text: fix, url }, evidence = [], assumptions = [] } = said
  return {
    id: failureId(kind, resource),
    rule: generator,
    severity: 'HIGH',
    compliance: said.compliance,
    resource,
    title: titleOf(kind),
    reason: said.reason,
    evidence,
    assumptions,
    remediation: { url, ...remediation },
    ...(said.transience === undefined ? {} : { transience: said.transience }),
  }
}

function titleOf(kind: FailureKind): string {
  if (kind === 'start-impaired') return 'Tasks do not start'
  if (kind === 'pull-through-cache') return 'A pull-through cache could not fetch an image'
  return kind.startsWith('replication/') ? 'An image was not replicated' : 'Containers could not pull their image'
}
