import type { VpcEndpoint } from '../../shared/inventory/network.ts'
import { endpointIdOf } from '../../shared/network/endpoint-of-path.ts'
import type { Destination, Reach, ReachPath, ReachStep, ReachVerdict } from '../../shared/network/types.ts'
import { type EndpointAnswer, endpointAnswer } from '../../shared/pull/endpoint-policy.ts'
import type { PullWorld } from '../../shared/pull/types.ts'
import type { Workload } from '../../shared/pull/workloads.ts'

/**
 * The answer for a workload, whose role and images are known: the policy of the endpoint has the last word on every way
 * that leads through one, as long as the packets get there.
 */
export function withEndpointPolicies(reach: Reach, workloads: readonly Workload[], world: PullWorld): Reach {
  const judged = reach.paths.map((path) => judgedPath(path, reach.destination, workloads, world))
  const verdicts = judged.map(({ path }) => path.verdict)
  const stopped = reach.verdict !== 'blocked' && verdicts.length > 0 && !verdicts.includes('reachable')
  const verdict = stopped ? (verdicts.includes('unknown') ? 'unknown' : 'blocked') : reach.verdict
  const missing = verdict === 'unknown' ? [...reach.missing, ...judged.flatMap((one) => one.missing)] : []
  return {
    ...reach,
    verdict,
    paths: judged.map(({ path }) => path),
    missing: [...new Set(missing)],
  }
}

interface Judged {
  readonly path: ReachPath
  readonly missing: readonly string[]
}

function judgedPath(
  path: ReachPath,
  destination: Destination,
  workloads: readonly Workload[],
  world: PullWorld,
): Judged {
  const endpoint = path.verdict === 'blocked' ? undefined : endpointOf(path, world)
  if (endpoint === undefined) return { path, missing: [] }
  const answers = workloads.flatMap((workload) =>
    askedHosts(destination, workload).map((host) => endpointAnswer(world, endpoint, workload, host)),
  )
  if (answers.length === 0) return { path, missing: [] }
  const worst = answers.find(({ status }) => status === 'fail') ?? answers.find(({ status }) => status === 'unknown')
  const step = policyStep(endpoint, worst)
  const changed = step.verdict === 'blocked' || (step.verdict === 'unknown' && path.verdict === 'reachable')
  const steps = [...path.steps, step]
  if (changed) return { path: { ...path, verdict: step.verdict, steps, decidedBy: step }, missing: missingOf(worst) }
  return { path: { ...path, steps }, missing: [] }
}

function endpointOf(path: ReachPath, { inventory }: PullWorld): VpcEndpoint | undefined {
  const wanted = endpointIdOf(path)
  const found = inventory.network.vpcEndpoints.filter(({ id }) => id === wanted)
  return found.find(({ ownerId, ref }) => ownerId === ref.accountId) ?? found[0]
}

/** What a pull asks of the host; nothing of other services and buckets. `*.dkr.ecr…` stands for the workload's registries. */
function askedHosts(destination: Destination, { needs }: Workload): readonly Destination[] {
  const { kind, host, region } = destination
  if (kind === 'service' || kind === 'host') return []
  if (kind === 's3.layers' && !host.startsWith(`prod-${region}-starport-layer-bucket.`)) return []
  if (!host.startsWith('*.')) return [destination]
  return needs.filter((need) => need.kind === kind && need.region === region)
}

const stepVerdicts: Record<EndpointAnswer['status'], ReachVerdict> = {
  pass: 'reachable',
  fail: 'blocked',
  unknown: 'unknown',
}

function policyStep({ id }: VpcEndpoint, answer: EndpointAnswer | undefined): ReachStep {
  const verdict = stepVerdicts[answer?.status ?? 'pass']
  switch (verdict) {
    case 'reachable':
      return {
        step: 'policy',
        verdict,
        code: 'policy-allows',
        reason: `the policy of ${id} lets the pull through`,
        evidence: [],
      }
    case 'unknown': {
      const reason = `whether the policy of ${id} lets the pull through is not known`
      return { step: 'policy', verdict, code: 'policy-unknown', reason, evidence: [] }
    }
    case 'blocked':
      return { step: 'policy', verdict, code: 'policy-denies', ...refusal(id, answer) }
    default:
      return verdict satisfies never
  }
}

function refusal(id: string, answer: EndpointAnswer | undefined): Pick<ReachStep, 'reason' | 'evidence' | 'fix'> {
  const denied = answer?.steps.find(({ decision }) => decision.decision.endsWith('Denied'))
  if (denied === undefined) return { reason: `the policy of ${id} blocks the pull`, evidence: [] }
  const { action, resource, caller, decision } = denied
  const object = caller === 'ECR' ? resource.replace(/\/.*$/, '/*') : resource
  const change = decision.decision === 'explicitlyDenied' ? 'Stop denying' : 'Allow'
  return {
    reason: `the policy of ${id} does not let ${caller} do ${action} on ${resource}`,
    evidence: [{ source: `policy of ${id}`, detail: decision.decidedBy.reason }],
    fix: `${change} ${action} on ${object} for ${caller === 'ECR' ? 'everyone ("Principal": "*")' : caller} in the policy of ${id}`,
  }
}

function missingOf(answer: EndpointAnswer | undefined): readonly string[] {
  if (answer?.status !== 'unknown') return []
  const facts = answer.steps
    .flatMap(({ decision }) => decision.missing)
    .map((one) => {
      if (one.kind === 'contextKey') return `condition key ${one.key}`
      if (one.kind === 'operator') return `what the operator ${one.operator} means`
      return one.kind === 'document' ? one.reason : one.fact
    })
  const named = [...facts, ...answer.missing]
  return named.length > 0 ? named : [`the policy of ${answer.endpointId}`]
}
