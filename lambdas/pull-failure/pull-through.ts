import type { PullThroughEvent } from '../../shared/events/ecr-pull-through.ts'
import type { PullThroughCacheRule } from '../../shared/inventory/ecr.ts'
import { pullThroughCacheRuleOf } from '../../shared/inventory/ecr-pull-through-cache.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import { clip } from '../../shared/model/quote.ts'
import type { ResourceRef } from '../../shared/model/resource.ts'
import { diagnose } from '../../shared/pull/diagnose/diagnose.ts'
import { upstreamAnswer } from '../../shared/pull/hops/cache-upstream.ts'
import { readRegistry } from '../../shared/sources/ecr/registry.ts'
import { failureFinding, type Said, type TimedFinding } from './finding.ts'
import { describeImage, type LiveImage } from './live-image.ts'
import { closed, type OpenFinding, stillOpen } from './open-findings.ts'
import { answered } from './patience.ts'
import { repositoryRef } from './replication.ts'
import { NotReadYet, type View } from './view.ts'

const kind = 'pull-through-cache'
/** ECR asks the upstream for a cached image that is pulled at most once in this time, milliseconds. */
const ASKING_AGAIN = 24 * 60 * 60 * 1_000
const url = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html'

/** Decides about what a pull-through cache did, by its rule and the images in the cache. */
export function decidePullThrough(view: View, event: PullThroughEvent): Promise<readonly TimedFinding[]> {
  switch (event.outcome) {
    case 'succeeded':
      return decideSync(view, event)
    case 'failed':
      return decideFailedSync(view, event)
    case 'unknown':
      return Promise.resolve([])
    default:
      return event.outcome satisfies never
  }
}

async function decideFailedSync(view: View, event: PullThroughEvent): Promise<readonly TimedFinding[]> {
  const ref = repositoryRef(view.reader, event.repositoryName)
  const rule = await ruleOf(view, event.prefix)
  if (rule.state === 'gone') return closed(view, ref, [kind])
  const said = rule.state === 'unread' ? open(event, rule.reason) : judged(event, rule.rule)
  return [{ at: event.time, finding: failureFinding(kind, ref, said) }]
}

type FoundRule =
  | { readonly state: 'found'; readonly rule: PullThroughCacheRule }
  | { readonly state: 'gone' }
  | { readonly state: 'unread'; readonly reason: string }

async function ruleOf({ clients, reader }: View, prefix: string): Promise<FoundRule> {
  const { items, gaps } = await readRegistry({ ...reader, client: clients.ecr }, ['AWS::ECR::PullThroughCacheRule'])
  const [gap] = gaps
  if (gap?.transience === 'passing')
    throw new NotReadYet(`pull-through cache rules could not be read yet: ${gap.reason}`)
  if (gap !== undefined) return { state: 'unread', reason: gap.reason }
  const rules = items.flatMap((item) => {
    const normalized = normalizeItem(item)
    return normalized.ok && !normalized.deleted ? [pullThroughCacheRuleOf(normalized.item)] : []
  })
  const rule = rules.find((one) => one.prefix === prefix)
  return rule === undefined ? { state: 'gone' } : { state: 'found', rule }
}

function judged(event: PullThroughEvent, rule: PullThroughCacheRule): Said {
  const answer = upstreamAnswer(rule)
  if (answer.status !== 'fail') return open(event, `what the upstream ${clip(rule.upstreamRegistryUrl)} answered`)
  return {
    compliance: 'NON_COMPLIANT',
    reason: `The pull-through cache cannot fetch ${event.repositoryName}: ${answer.reason}. ${said(event)}`,
    evidence: [...evidenceOf(event), { source: `pull-through cache rule ${rule.prefix}`, detail: answer.reason }],
    remediation: { text: answer.fix ?? checksOf(event), url },
  }
}

/** What ECR met upstream is in no configuration. */
function open(event: PullThroughEvent, missing: string): Said {
  return {
    compliance: 'UNDETERMINED',
    transience: 'lasting',
    reason: `The pull-through cache could not fetch ${event.repositoryName}, and its rule does not show why: not known is ${missing}. ${said(event)}`,
    evidence: [...evidenceOf(event), { source: 'missing fact', detail: missing }],
    remediation: { text: checksOf(event), url },
  }
}

function said({ reasons }: PullThroughEvent): string {
  return reasons.length === 0 ? 'The event states no reason.' : `The event says: ${clip(reasons.join(': '))}.`
}

function evidenceOf({ reasons, prefix }: PullThroughEvent) {
  return [{ source: 'event of ECR', detail: clip(reasons.join(': ')) || `a sync of prefix ${prefix} failed` }]
}

function checksOf({ reasons, prefix }: PullThroughEvent): string {
  const [first] = diagnose(reasons.join('\n'))
  const checks = first?.checks ?? [
    'the login in the secret of the rule',
    'the upstream image exists',
    'rate limits of the upstream',
  ]
  return `Check the cache rule ${prefix}: ${checks.join('; ')}.`
}

/**
 * A sync only makes us look: it is believed when the image of the event came into the repository after the error, or when it has
 * been pulled since in a way that the upstream had to be asked again for.
 */
async function decideSync(view: View, event: PullThroughEvent): Promise<readonly TimedFinding[]> {
  const { repositoryName, imageDigest } = event
  if (imageDigest === undefined) return []
  const { clients, reader } = view
  const ref = repositoryRef(reader, repositoryName)
  const [before] = await stillOpen(view, ref, [kind])
  if (before === undefined) return []
  const at = { ...reader, client: clients.ecr }
  const answer = await answered(view.waiting, () => describeImage(at, repositoryName, imageDigest))
  if (answer.state === 'unknown' && answer.transience === 'passing') {
    throw new NotReadYet(`image of ${ref.arn}: ${answer.reason}`)
  }
  if (answer.state !== 'known') return []
  const came = fetchedSince(answer.value, before)
  if (came !== undefined) return [resolved(ref, came, fetched(event, ref, came))]
  const used = pulledDayAfter(answer.value, before)
  return used === undefined ? [] : decideUsed(view, event, { ref, at: used, errorAt: before.updatedAt })
}

function fetchedSince({ pushedAt }: LiveImage, { updatedAt }: OpenFinding): string | undefined {
  return pushedAt !== undefined && Date.parse(pushedAt) > Date.parse(updatedAt) ? pushedAt : undefined
}

/** A pull by which ECR asks the upstream again: that is how it got the error, and it asks at most once in this time. */
function pulledDayAfter({ pulledAt }: LiveImage, { updatedAt }: OpenFinding): string | undefined {
  return pulledAt !== undefined && Date.parse(pulledAt) >= Date.parse(updatedAt) + ASKING_AGAIN ? pulledAt : undefined
}

interface UsedImage {
  readonly ref: ResourceRef
  /** ISO 8601. */
  readonly at: string
  readonly errorAt: string
}

/** Nothing came, because nothing was new. A cache rule that cannot work, or cannot be read, stands against that. */
async function decideUsed(view: View, event: PullThroughEvent, used: UsedImage): Promise<readonly TimedFinding[]> {
  const rule = await ruleOf(view, event.prefix)
  if (rule.state === 'gone') return closed(view, used.ref, [kind])
  if (rule.state === 'unread' || upstreamAnswer(rule.rule).status === 'fail') return []
  return [resolved(used.ref, used.at, servedAgain(event, used))]
}

function resolved(ref: ResourceRef, at: string, said: Omit<Said, 'compliance'>): TimedFinding {
  return { at, finding: failureFinding(kind, ref, { ...said, compliance: 'COMPLIANT' }) }
}

function fetched(event: PullThroughEvent, { arn }: ResourceRef, at: string): Omit<Said, 'compliance'> {
  const { imageDigest, repositoryName } = event
  return {
    reason: `The pull-through cache fetched ${imageDigest} into ${repositoryName} at ${at}, after the error.`,
    evidence: [{ source: `images of ${arn}`, detail: `${imageDigest}, here since ${at}` }],
  }
}

function servedAgain(event: PullThroughEvent, { ref, at, errorAt }: UsedImage): Omit<Said, 'compliance'> {
  const { imageDigest, repositoryName } = event
  return {
    reason: `The image ${imageDigest} of ${repositoryName} was pulled at ${at}, a day or more after the error of ${errorAt}: for such a pull ECR asks the upstream again, and it has told of no other failure.`,
    evidence: [{ source: `images of ${ref.arn}`, detail: `${imageDigest}, last pulled at ${at}` }],
    assumptions: ['assumes that ECR would have told of another failure: it sends its events as well as it can'],
  }
}
