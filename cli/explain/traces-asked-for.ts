import { InputError } from '../../shared/model/errors.ts'
import type { PullTrace } from '../../shared/model/pull.ts'
import type { ManifestWorkload } from '../../shared/pull/manifest-types.ts'
import { pullsOfManifests } from '../../shared/pull/manifest-workloads.ts'
import { pullsOfInventory } from '../../shared/pull/pulls-of-inventory.ts'
import { tracePull } from '../../shared/pull/trace.ts'
import type { PullToTrace, TraceWorld } from '../../shared/pull/trace-types.ts'
import { tracesOf } from '../../shared/pull/traces.ts'
import { newPull } from './new-pull.ts'
import type { Question } from './question.ts'

/** The pulls that a question is about. */
export interface AskedFor {
  /** Those that fail first. */
  readonly traces: readonly PullTrace[]
  /** Task definitions that no service uses: whether they run is not known, so only a question that names one gets them. */
  readonly leftOut: number
}

/**
 * The pulls that a question is about, traced. An image that a named workload does not use is traced as if it did.
 * @throws InputError when nothing matches
 */
export function tracesAskedFor(
  question: Question,
  world: TraceWorld,
  manifests: readonly ManifestWorkload[],
): AskedFor {
  if (question.kind === 'new') return { traces: [tracePull(world, newPull(question, world.inventory))], leftOut: 0 }
  const all = tracesOf(world, { manifests })
  if (all.length === 0) {
    const kinds = 'no ECS service, EKS node group or EKS Fargate profile'
    throw new InputError(
      `the files hold ${kinds}; ask about one that does not exist yet with --role, --image and --subnet`,
    )
  }
  const found = matching(question, all, world, manifests)
  const running = found.filter(isRun)
  // Where nothing else is there, they are what the question is about.
  const asked = question.workload === undefined && running.length > 0 ? running : found
  return { traces: worstFirst(asked), leftOut: definitionsIn(found) - definitionsIn(asked) }
}

function isRun({ workload }: PullTrace): boolean {
  return workload.type !== 'AWS::ECS::TaskDefinition'
}

function definitionsIn(traces: readonly PullTrace[]): number {
  return new Set(traces.filter((trace) => !isRun(trace)).map(({ workload }) => workload.arn)).size
}

function matching(
  { workload, image }: Extract<Question, { kind: 'existing' }>,
  all: readonly PullTrace[],
  world: TraceWorld,
  manifests: readonly ManifestWorkload[],
): readonly PullTrace[] {
  const named = workload === undefined ? all : all.filter((trace) => isNamed(trace.workload, workload))
  if (named.length === 0) throw new InputError(`--workload: ${workload}: no workload has this ARN or name`)
  const using = image === undefined ? named : named.filter((trace) => isOfImage(trace.image, image))
  if (using.length > 0 || image === undefined) return using
  if (workload === undefined) throw new InputError(`--image: ${image}: no workload uses it; name one with --workload`)
  const places = [...pullsOfInventory(world.inventory), ...pullsOfManifests(world.inventory, manifests)].filter(
    (pull) => isNamed(pull.workload, workload),
  )
  return withImage(places, image).map((pull) => tracePull(world, pull))
}

/** By ARN, by name, or by the last parts of the ARN (`main/web`). */
function isNamed({ arn, name }: { readonly arn: string; readonly name: string }, wanted: string): boolean {
  return arn === wanted || name === wanted || arn.endsWith(`/${wanted}`)
}

/** The very text, or the name before its tag or digest. */
function isOfImage(image: string, wanted: string): boolean {
  return image === wanted || image.startsWith(`${wanted}:`) || image.startsWith(`${wanted}@`)
}

/** Every place of a workload once, with another image; credentials are of the images it has. */
function withImage(pulls: readonly PullToTrace[], image: string): readonly PullToTrace[] {
  const others = pulls.map(({ credentials: _, ...pull }) => ({ ...pull, image }))
  return [...new Map(others.map((pull) => [JSON.stringify(pull), pull])).values()]
}

const order: Readonly<Record<PullTrace['verdict'], number>> = { fail: 0, unknown: 1, pass: 2 }

function worstFirst(traces: readonly PullTrace[]): readonly PullTrace[] {
  return traces.toSorted((a, b) => order[a.verdict] - order[b.verdict])
}
