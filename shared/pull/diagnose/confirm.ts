import type { Hop, PullTrace } from '../../model/pull.ts'
import { parseImageReference } from '../image-reference.ts'
import type { Candidate } from './candidate.ts'
import type { CauseCode } from './causes.ts'
import { factsOf } from './facts.ts'
import { messagesIn } from './messages.ts'

/** What the configuration says of a candidate: its hop fails, it is known to pass for every pull in question, or neither is known. */
export type CandidateVerdict = 'confirmed' | 'contradicted' | 'undecided'

/** A candidate beside the traces of the pulls it may be about. */
export interface JudgedCandidate extends Candidate {
  readonly verdict: CandidateVerdict
  /** The failing hop that confirms it. Its text may hold text of an account. */
  readonly confirmedBy?: {
    readonly workload: string
    readonly image: string
    readonly hop: Hop
  }
}

const order: Record<CandidateVerdict, number> = { confirmed: 0, undecided: 1, contradicted: 2 }

/** Judges candidates by traces; what is confirmed comes first, what is contradicted last. */
export function judgedBy(candidates: readonly Candidate[], traces: readonly PullTrace[]): readonly JudgedCandidate[] {
  return candidates
    .map((candidate) => judged(candidate, traces))
    .sort((a, b) => order[a.verdict] - order[b.verdict] || b.confidence - a.confidence)
}

function judged(candidate: Candidate, traces: readonly PullTrace[]): JudgedCandidate {
  // Full disks and rate limits of others are in no configuration, whatever their nearest hop says.
  if (candidate.code.startsWith('not-ecr-')) return { ...candidate, verdict: 'undecided' }
  const seen = traces.map((trace) => ({ trace, hop: trace.hops.find(({ hop }) => hop === candidate.hop) }))
  const failing = seen.find(({ hop }) => hop?.status === 'fail')
  if (failing?.hop !== undefined) {
    const { trace, hop } = failing
    return {
      ...candidate,
      verdict: 'confirmed',
      confirmedBy: { workload: trace.workload.arn, image: trace.image, hop },
    }
  }
  const passes = seen.length > 0 && seen.every(({ hop }) => isProven(hop))
  return { ...candidate, verdict: passes && !outOfSight.has(candidate.code) ? 'contradicted' : 'undecided' }
}

/** A pass that takes something for granted contradicts nobody: the error may be what shows that it is not so. */
function isProven(hop: Hop | undefined): boolean {
  return hop?.status === 'pass' && hop.assumptions.length === 0
}

/** What happens where no configuration of AWS looks, so that a hop which passes says nothing against it. */
const outOfSight: ReadonlySet<string> = new Set<CauseCode>([
  'agent-has-no-token',
  'connection-turned-away',
  'credential-provider-missing',
  'ecr-throttled',
  'layer-inaccessible',
  'layer-verification-failed',
  'lazy-load-credentials-expired',
  'lazy-load-failed',
  'log-access-refused',
  'log-group-missing',
  'no-credentials',
  'node-credentials-unavailable',
  'node-not-joined',
  'policy-principal-not-found',
  'proxy-unreachable',
  'registry-stalled',
  'repository-policy-invalid',
  'secret-access-refused',
  'secret-not-found',
  'session-policy-refuses',
  'stale-public-login',
  'tls-handshake-stalled',
  'token-not-refreshed',
  'token-refused',
  'upstream-credentials-refused',
  'upstream-unavailable',
  'wrong-account-or-region',
  'wrong-registry-host',
])

/** Most messages that are searched for names of workloads, images and roles. */
const mostMessages = 2000

/** The traces a text is about: those of the workload it names (its ARN, or `service:web`), else of its image and role; empty when it names none of them. */
export function tracesNamedIn(text: string, traces: readonly PullTrace[]): readonly PullTrace[] {
  const facts = messagesIn(text)
    .slice(0, mostMessages)
    .map((message) => factsOf(message.text))
  const named = (name: 'repository' | 'role' | 'registry' | 'account') =>
    new Set(facts.flatMap((one) => one.get(name) ?? []))
  const repositories = named('repository')
  const accounts = named('account')
  const roles = named('role')
  const scored = traces.map((trace) => {
    const image = parseImageReference(trace.image)
    const isImage =
      image.kind === 'ecrPrivate' &&
      repositories.has(image.repository) &&
      (accounts.size === 0 || accounts.has(image.accountId))
    const isRole = trace.principals.some((principal) => roles.has(principal.slice(principal.lastIndexOf('/') + 1)))
    const isWorkload = namesWhole(text, trace.workload.arn)
    const isService = ['service:', 'service '].some((kind) => namesWhole(text, `${kind}${trace.workload.name}`))
    return { trace, score: (isWorkload ? 8 : 0) + (isService ? 4 : 0) + (isImage ? 2 : 0) + (isRole ? 1 : 0) }
  })
  const best = scored.reduce((highest, { score }) => Math.max(highest, score), 0)
  return best === 0 ? [] : scored.filter(({ score }) => score === best).map(({ trace }) => trace)
}

/** Whether a text holds a name that does not go on behind it. */
function namesWhole(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/[\w-]/.test(text.charAt(at + name.length))) return true
  }
  return false
}
