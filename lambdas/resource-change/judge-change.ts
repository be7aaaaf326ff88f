import { wayOf } from '../../shared/events/concerns.ts'
import type { ResourceChange } from '../../shared/events/resource-change.ts'
import type { Decision } from '../../shared/live/decision.ts'
import type { View } from '../../shared/live/live.ts'
import type { LiveReader } from '../../shared/live/live-source.ts'
import type { SelectedRule } from '../../shared/live/select-rule.ts'
import type { Finding } from '../../shared/model/finding.ts'
import { readHistoryItem } from '../../shared/sources/config-history/read-history-item.ts'
import { decideChange } from './decide-change.ts'
import type { Sight } from './dependencies.ts'

/** What was decided about a change. */
export interface Outcome {
  /** Findings to publish: everything that was decided and is not undetermined for a passing reason. */
  readonly findings: readonly Finding[]
  /** To be called once the findings are published. */
  readonly delivered: () => void
  /** What could not be decided yet, in words. */
  readonly undone: readonly string[]
}

/** Judges a change by every enabled rule it concerns. A rule that cannot be decided keeps none of the others from being. */
export async function judgeChange(
  change: ResourceChange,
  enabled: readonly SelectedRule[],
  sight: Sight,
  reader: LiveReader,
): Promise<Outcome> {
  const concerned = enabled.filter(({ rule }) =>
    change.hints.some(({ type }) => wayOf(rule, change, type) !== undefined),
  )
  const views = viewsOf(sight, reader)
  const decisions: Decision[] = []
  const undone: string[] = []
  for (const selected of concerned) {
    try {
      const ground = { selected, view: views(selected), historyItem: historyWith(sight, reader) }
      decisions.push(...(await decideChange(change, sight.services, ground)))
    } catch (error) {
      undone.push(`${selected.rule.id}: ${error instanceof Error ? error.message : 'an unnamed error'}`)
    }
  }
  return outcomeOf(decisions, undone)
}

/** Rules on networks see networks with what pulls in them, all others registries, roles and workloads. */
function viewsOf({ sources, network, vpcs }: Sight, reader: LiveReader): (selected: SelectedRule) => View {
  const ofNetworks = { reader, sources: [network], vpcs }
  const ofOthers = { reader, sources: sources() }
  return ({ rule }) => (rule.judges === 'AWS::EC2::VPC' ? ofNetworks : ofOthers)
}

function historyWith({ config }: Sight, { signal }: LiveReader) {
  return ({ type, id, capturedAt }: { readonly type: string; readonly id: string; readonly capturedAt: string }) =>
    readHistoryItem(config, { resourceType: type, resourceId: id, capturedAt }, signal)
}

function outcomeOf(decisions: readonly Decision[], undone: readonly string[]): Outcome {
  // Several hints of one event may lead to one resource.
  const all = [...new Map(decisions.flatMap(({ securityHub }) => securityHub.map((one) => [one.id, one]))).values()]
  const passing = all.filter(isPassing)
  const settled = decisions.filter(({ securityHub }) => !securityHub.some(isPassing))
  return {
    findings: all.filter((finding) => !isPassing(finding)),
    delivered: () => {
      for (const { delivered } of settled) delivered?.()
    },
    undone: [...undone, ...passing.map(({ rule, resource, reason }) => `${rule}: ${resource.arn}: ${reason}`)],
  }
}

/** Nothing may change because of a failure that passes. */
function isPassing({ compliance, transience }: Finding): boolean {
  return compliance === 'UNDETERMINED' && transience === 'passing'
}
