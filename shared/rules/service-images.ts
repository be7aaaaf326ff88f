import type { EcsService } from '../inventory/ecs.ts'
import { taskDefinitionName } from '../inventory/ecs-task-definition.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { type Fact, mapFact, unknown } from '../model/fact.ts'
import { clip, listed } from '../model/quote.ts'
import type { Evidence, MissingFact, Verdict } from '../model/verdict.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../model/verdict.ts'
import { type ImageReference, parseImageReference } from '../pull/image-reference.ts'
import { type WorkloadGround, workloadGround } from '../pull/workload-ground.ts'
import type { RuleContext } from './define-rule.ts'
import { assumptionsOf, missing } from './missing.ts'

/** A container of the task definition a service runs. */
export interface ServiceImage {
  readonly container: string
  /** As written. */
  readonly image: string
  readonly reference: ImageReference
}

/** What a rule says of one image. `skip`: it has nothing to say. */
export type ImageOutcome =
  | { readonly kind: 'good'; readonly assumptions?: readonly string[] }
  | { readonly kind: 'skip' }
  | { readonly kind: 'open'; readonly missing: MissingFact }
  | {
      readonly kind: 'bad'
      /** What is wrong with it, a clause that follows the image's name. */
      readonly because: string
      /** The exact change, one sentence with a full stop. */
      readonly fix?: string
      readonly evidence?: readonly Evidence[]
      readonly assumptions?: readonly string[]
    }

type Bad = Extract<ImageOutcome, { kind: 'bad' }>

const mostSentences = 3
const mostFixes = 5
const grounds = new WeakMap<Inventory, WorkloadGround>()

/** The images of a service's task definition; unknown when the definition is not in the inventory. */
export function imagesOfService(
  { name, taskDefinitionArn, ref }: EcsService,
  inventory: Inventory,
): Fact<readonly ServiceImage[]> {
  const wanted = taskDefinitionArn === undefined ? undefined : taskDefinitionName(taskDefinitionArn)
  const definition = wanted && groundOf(inventory).taskDefinition(wanted.family, wanted.revision, ref)
  if (definition === undefined) return unknown(`the task definition of service ${name} is not in the inventory`)
  return mapFact(definition.containers, (containers) =>
    containers.map(({ name: container, image }) => ({ container, image, reference: parseImageReference(image) })),
  )
}

function groundOf(inventory: Inventory): WorkloadGround {
  const ground = grounds.get(inventory) ?? workloadGround(inventory)
  grounds.set(inventory, ground)
  return ground
}

/**
 * Judges a service by each of its images: what is wrong first, then what is not known. `good` opens the sentence of a
 * compliant verdict, `none` says why there is nothing to judge.
 */
export function judgeImages(
  service: EcsService,
  { inventory }: RuleContext,
  outcomeOf: (image: ServiceImage) => ImageOutcome,
  words: { readonly good: string; readonly none: string },
): Verdict {
  const images = imagesOfService(service, inventory)
  if (images.state === 'unknown') return undetermined(missing(`images of ${clip(service.name)}`, images))
  const all = images.state === 'known' ? images.value : []
  const judged = all.map((image) => ({ image, outcome: legible(image, outcomeOf) }))
  const bad = judged.flatMap(({ image, outcome }) => (outcome.kind === 'bad' ? [{ image, outcome }] : []))
  const assumptions = [...assumptionsOf(images), ...judged.flatMap(({ outcome }) => carriedBy(outcome))]
  if (bad.length > 0) return noncompliantImages(bad, [...new Set(assumptions)])
  const open = judged.flatMap(({ outcome }) => (outcome.kind === 'open' ? [outcome.missing] : []))
  if (open.length > 0) return undetermined(open)
  const good = judged.flatMap(({ image, outcome }) => (outcome.kind === 'good' ? [image.image] : []))
  if (good.length === 0) return notApplicable(words.none)
  return compliant(`${words.good} ${listed([...new Set(good)])}.`, { assumptions: [...new Set(assumptions)] })
}

/** Text that is no image reference says nothing about where the image comes from. */
function legible(image: ServiceImage, outcomeOf: (image: ServiceImage) => ImageOutcome): ImageOutcome {
  const { container, reference } = image
  return reference.kind === 'invalid'
    ? openImage(`the image of container ${clip(container)} (${reference.reason})`)
    : outcomeOf(image)
}

/** The outcome of an image about which a fact is missing for good. */
export function openImage(reason: string): Extract<ImageOutcome, { kind: 'open' }> {
  return { kind: 'open', missing: { reason, transience: 'lasting' } }
}

function carriedBy(outcome: ImageOutcome): readonly string[] {
  return outcome.kind === 'good' || outcome.kind === 'bad' ? (outcome.assumptions ?? []) : []
}

function noncompliantImages(
  bad: readonly { readonly image: ServiceImage; readonly outcome: Bad }[],
  assumptions: readonly string[],
): Verdict {
  const byImage = Map.groupBy(bad, ({ image }) => image.image)
  const sentences = [...byImage].map(([text, ones]) => `${clip(text)} ${ones[0]?.outcome.because ?? ''}.`)
  const more = sentences.length - mostSentences
  const fixes = [...new Set(bad.flatMap(({ outcome }) => outcome.fix ?? []))].slice(0, mostFixes)
  return noncompliant([...sentences.slice(0, mostSentences), ...(more > 0 ? [`And ${more} more.`] : [])].join(' '), {
    evidence: bad.flatMap(({ image, outcome }) => [
      { source: `container ${clip(image.container)}`, detail: clip(image.image) },
      ...(outcome.evidence ?? []),
    ]),
    assumptions,
    ...(fixes.length === 0 ? {} : { remediation: fixes.join(' ') }),
  })
}
