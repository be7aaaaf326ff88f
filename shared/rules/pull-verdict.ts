import { clip, listed } from '../model/quote.ts'
import type { Evidence, MissingFact, Severity, Verdict } from '../model/verdict.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../model/verdict.ts'
import type { ReachPath } from '../network/types.ts'
import { nameOfWay } from '../pull/hops/way.ts'
import type { Workload } from '../pull/workloads.ts'
import type { PullingVpc, PullReach } from './vpc-workloads.ts'

const mostReasons = 3
const mostFixes = 5
const mostEvidence = 20

/** What a rule says of one way from a workload to a host. `skip`: it has nothing to say. */
export type PullOutcome =
  | { readonly kind: 'good'; readonly assumptions?: readonly string[] }
  | { readonly kind: 'skip' }
  | { readonly kind: 'open'; readonly missing: readonly MissingFact[] }
  | {
      readonly kind: 'bad'
      /** One sentence without a full stop, or its beginning when `host` ends it; workloads and subnets are added. */
      readonly because: string
      /** Hosts with the same beginning share a sentence. */
      readonly host?: string
      readonly fix: string | undefined
      readonly evidence?: readonly Evidence[]
      readonly severity?: Severity
    }

/** What the verdict says when nothing is wrong, or nothing is there to be judged. */
export interface PullWords {
  readonly good: string
  readonly none: string
}

type Bad = Extract<PullOutcome, { kind: 'bad' }>
interface Judged<T extends PullOutcome = PullOutcome> {
  readonly pull: PullReach
  readonly outcome: T
}

/** The worst thing first: what is wrong, then what is not known. */
export function verdictOnPulls(
  vpc: PullingVpc,
  outcomeOf: (pull: PullReach) => PullOutcome,
  words: PullWords,
): Verdict {
  const judged = vpc.reaches.map((pull): Judged => ({ pull, outcome: sure(pull, outcomeOf(pull)) }))
  const bad = judged.filter((one): one is Judged<Bad> => one.outcome.kind === 'bad')
  const assumptions = [...new Set(judged.flatMap(assumptionsOfPull))]
  if (bad.length > 0) return noncompliantPulls(bad, assumptions)
  const open = judged.flatMap(({ outcome }) => (outcome.kind === 'open' ? outcome.missing : []))
  const missing = each([...vpc.open, ...open], ({ reason }) => reason)
  if (missing.length > 0) return undetermined(missing)
  if (!judged.some(({ outcome }) => outcome.kind === 'good')) return notApplicable(words.none)
  const names = [...new Set(vpc.reaches.map(({ workload }) => nameOf(workload)))]
  return compliant(`${words.good} for ${listed(names)}.`, { assumptions: [...assumptions, ...vpc.assumptions] })
}

/** A service whose images are not known may not use ECR at all. */
function sure({ workload }: PullReach, outcome: PullOutcome): PullOutcome {
  const { images, type, name } = workload
  if (outcome.kind !== 'bad' || images.state !== 'unknown' || type !== 'AWS::ECS::Service') return outcome
  return {
    kind: 'open',
    missing: [{ reason: `images of ${clip(name)}: ${images.reason}`, transience: images.transience }],
  }
}

function assumptionsOfPull({ pull, outcome }: Judged): readonly string[] {
  const { workload, reach } = pull
  if (outcome.kind === 'skip' || outcome.kind === 'open') return []
  const pods =
    workload.compute === 'fargatePod' ? [`assumes that pods of ${clip(workload.name)} use images of ECR`] : []
  const placed = workload.assumptions ?? []
  return [...reach.assumptions, ...placed, ...pods, ...(outcome.kind === 'good' ? (outcome.assumptions ?? []) : [])]
}

function noncompliantPulls(bad: readonly Judged<Bad>[], assumptions: readonly string[]): Verdict {
  const reasons = groupedBy(bad, ({ outcome }) => outcome.because)
  const sentences = [...reasons].map(([because, judged]) => `${because}${hostsOf(judged)} (${whoIn(judged)}).`)
  const more = sentences.length - mostReasons
  const fixes = [...new Set(bad.flatMap(({ outcome }) => outcome.fix ?? []))].slice(0, mostFixes)
  const evidence = each(
    bad.flatMap(({ outcome }) => outcome.evidence ?? []),
    ({ source, detail }) => `${source} ${detail}`,
  )
  const severity = mildest(bad)
  return noncompliant([...sentences.slice(0, mostReasons), ...(more > 0 ? [`And ${more} more.`] : [])].join(' '), {
    evidence: evidence.slice(0, mostEvidence),
    assumptions,
    ...(fixes.length === 0 ? {} : { remediation: fixes.map(asSentence).join(' ') }),
    ...(severity === undefined ? {} : { severity }),
  })
}

/** A severity of its own only when every failure has it. */
function mildest(bad: readonly Judged<Bad>[]): Severity | undefined {
  const [first] = bad
  return bad.every(({ outcome }) => outcome.severity === first?.outcome.severity) ? first?.outcome.severity : undefined
}

function hostsOf(judged: readonly Judged<Bad>[]): string {
  const hosts = [...new Set(judged.flatMap(({ outcome }) => outcome.host ?? []))]
  return hosts.length === 0 ? '' : ` ${listed(hosts)}`
}

function whoIn(judged: readonly Judged[]): string {
  const workloads = groupedBy(judged, ({ pull }) => nameOf(pull.workload))
  const parts = [...workloads].map(([name, ones]) => {
    const subnets = [...new Set(ones.map(({ pull }) => pull.source.subnetId))]
    return `${name} in ${listed(subnets)}`
  })
  return listed(parts, 3)
}

const kinds = {
  'AWS::ECS::Service': 'service',
  'AWS::EKS::Nodegroup': 'node group',
  'AWS::EKS::FargateProfile': 'Fargate profile',
  'AWS::AutoScaling::AutoScalingGroup': 'self-managed nodes',
} as const

/** `service web`, `node group workers`. */
export function nameOf({ type, name }: Workload): string {
  return `${kinds[type]} ${clip(name)}`
}

/** What the steps of a path rest on, and its deciding step in words. */
export function evidenceOfPath(path: ReachPath): readonly Evidence[] {
  const { decidedBy } = path
  return [{ source: nameOfWay(path), detail: clip(decidedBy.reason) }, ...decidedBy.evidence]
}

/** Facts that leave a reach, or one of its ways, open. */
export function missingOfReach({ reach }: PullReach): readonly MissingFact[] {
  const open = reach.paths.flatMap(({ steps }) => steps.filter(({ verdict }) => verdict === 'unknown'))
  const named = reach.missing.length > 0 ? reach.missing : open.map(({ reason }) => reason)
  const reasons = named.length > 0 ? named : [`whether ${reach.destination.host} is reachable`]
  return reasons.map((reason) => ({ reason: clip(reason), transience: 'lasting' }))
}

function asSentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}

function groupedBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item)) ?? []
    group.push(item)
    groups.set(key(item), group)
  }
  return groups
}

/** Each once by its key. */
function each<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()]
}
