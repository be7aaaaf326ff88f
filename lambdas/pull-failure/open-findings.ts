import { type AwsSecurityFinding, GetFindingsCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub'
import type { ResourceRef } from '../../shared/model/resource.ts'
import { errorName } from '../../shared/sources/failure.ts'
import { type Answer, ask, needList, needText, type Reader } from '../../shared/sources/reading.ts'
import { type FailureKind, failureFinding, failureId, generator, type TimedFinding, workloadKinds } from './finding.ts'
import { answered } from './patience.ts'
import { NotReadYet, type View } from './view.ts'

/** How the sink of Security Hub marks what passes by an exception alone. */
const exceptedReason = 'PULLPATH_EXCEPTION'

/** A finding of ours that Security Hub holds and that is not mended: failed, open, or accepted for a time. */
export interface OpenFinding {
  readonly kind: FailureKind
  /** The time it speaks of, ISO 8601. */
  readonly updatedAt: string
}

/**
 * Open findings of this function about one resource: Security Hub is its only memory. Absent where Security Hub is not enabled.
 * Only ids that this function gives are taken.
 */
function openFindings(
  reader: Reader & { readonly client: Pick<SecurityHubClient, 'send'> },
  resource: ResourceRef,
  among: readonly FailureKind[],
): Promise<Answer<readonly OpenFinding[]>> {
  const kinds = new Map(among.map((kind) => [`pullpath/${failureId(kind, resource)}`, kind]))
  const is = (Value: string) => ({ Value, Comparison: 'EQUALS' as const })
  // By their ids, since a long ARN is cut when it is published. The ids of a workload are fewer than the twenty a filter may have.
  const Filters = {
    Id: [...kinds.keys()].map(is),
    GeneratorId: [is(`pullpath/${generator}`)],
    AwsAccountId: [is(reader.accountId)],
    RecordState: [is('ACTIVE')],
  }
  return ask(
    reader,
    'securityhub:GetFindings',
    (error) => errorName(error) === 'InvalidAccessException',
    (abortSignal) => reader.client.send(new GetFindingsCommand({ Filters, MaxResults: 100 }), { abortSignal }),
    (output) =>
      needList(output.Findings, 'Findings').flatMap((finding) => {
        const kind = kinds.get(needText(finding.Id, 'Id'))
        return kind !== undefined && isOpen(finding)
          ? [{ kind, updatedAt: needText(finding.UpdatedAt, 'UpdatedAt') }]
          : []
      }),
  )
}

/** What passes by an exception alone is as broken as before. */
function isOpen({ Compliance }: AwsSecurityFinding): boolean {
  const reasons = Compliance?.StatusReasons ?? []
  return Compliance?.Status !== 'PASSED' || reasons.some(({ ReasonCode }) => ReasonCode === exceptedReason)
}

/**
 * The open findings about a resource; none where nothing goes to Security Hub. That lets an account ask three times a second, and
 * good news comes in bursts: whoever is refused waits for its turn.
 * @throws NotReadYet
 */
export async function stillOpen(
  { clients, reader, securityHub, waiting }: View,
  resource: ResourceRef,
  among: readonly FailureKind[] = workloadKinds,
): Promise<readonly OpenFinding[]> {
  if (!securityHub) return []
  const at = { ...reader, client: clients.securityHub }
  const answer = await answered(waiting, () => openFindings(at, resource, among))
  if (answer.state === 'unknown') throw new NotReadYet(`open findings could not be read: ${answer.reason}`)
  return answer.state === 'known' ? answer.value : []
}

/** Archives what is open about a resource that the service says is not there any more. */
export async function closed(
  view: View,
  resource: ResourceRef,
  among: readonly FailureKind[] = workloadKinds,
): Promise<readonly TimedFinding[]> {
  const open = await stillOpen(view, resource, among)
  const at = view.reader.readAt
  return open.map(({ kind }) => {
    const reason = 'The resource does not exist any more.'
    return { at, finding: failureFinding(kind, resource, { compliance: 'NOT_APPLICABLE', reason }) }
  })
}
