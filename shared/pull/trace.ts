import { known, unknown } from '../model/fact.ts'
import { type HopName, hopNames, type PullTrace } from '../model/pull.ts'
import { clip } from '../model/quote.ts'
import type { PrivateImage } from './can-pull.ts'
import { leastPrivilegeGrade } from './grades.ts'
import { endpointPolicyHop } from './hops/endpoint-policy.ts'
import { distinct, type HopAnswer, hopOf, skipping } from './hops/hop-answer.ts'
import { type IdentityAnswers, identityHops, identityOfRole, mergeRoles, notAsked } from './hops/identity.ts'
import { imageHop } from './hops/image.ts'
import { imageStateAnswer } from './hops/image-state.ts'
import { loginAnswers, withLogin } from './hops/login.ts'
import { pullerHop } from './hops/principal.ts'
import { unplacedHop } from './hops/source.ts'
import { platformOf } from './image-platform.ts'
import { type ImageReference, parseImageReference } from './image-reference.ts'
import { type MergedSubnets, mergedHop, type TracedHop, traceSubnets } from './merge-subnets.ts'
import { fetchesTokenInVpc } from './platform-version.ts'
import { remembering } from './remembered.ts'
import { subnetHops } from './trace-subnet.ts'
import type { PullToTrace, TraceWorld } from './trace-types.ts'
import { type PullWays, pullWays } from './way-keys.ts'
import type { Workload } from './workloads.ts'

type Traced = ReadonlyMap<HopName, TracedHop>

/** Whether a workload can pull one image: every hop in order, the first broken one, and what would decide an open answer. */
export function tracePull(world: TraceWorld, pull: PullToTrace): PullTrace {
  const reference = parseImageReference(pull.image)
  const image = imageHop(pull, reference)
  const isReadable = reference.kind !== 'invalid' && image.status === 'pass'
  const isPlaced = isReadable && pull.interfaces.length > 0
  const question = { pull, reference, needsToken: needsToken(pull) }
  const subnets = isPlaced ? traceSubnets(world, question) : undefined
  const policies = subnets && askPolicies(world, pull, reference, subnets)
  const login = isReadable && reference.kind !== 'ecrPrivate' ? loginAnswers(world, pull) : undefined
  const traced = new Map<HopName, TracedHop>([
    ['image', traceOf('image', image)],
    ...(subnets === undefined ? withoutSubnets(pull, isReadable) : withSubnets(pull, subnets)),
    ...(policies === undefined ? [] : [['endpoint-policy', policies.traced] as const]),
    ...identityOf(world, pull, reference, subnets, isReadable),
    ...(login === undefined ? [] : [['principal', traceOf('principal', login.principal)] as const]),
    ['image-state', isReadable ? stateOf(world, pull, reference, subnets) : traceOf('image-state', nothingToAsk)],
  ])
  const services = traced.get('ancillary')
  if (services !== undefined) traced.set('ancillary', withLogin(services, login?.reading))
  const unread = login?.reading?.status === 'fail' ? pull.interfaces.map(({ subnetId }) => subnetId) : []
  return composed(pull, traced, [...(subnets?.failing ?? []), ...(policies?.failing ?? []), ...unread], {
    privacy: subnets?.privacy,
    leastPrivilege: reference.kind === 'ecrPrivate' ? leastPrivilegeGrade(world, pull) : undefined,
  })
}

function needsToken({ workload, interfaces }: PullToTrace): boolean {
  const isWindows = interfaces.some(({ operatingSystem }) => operatingSystem === 'windows')
  return (
    workload.compute !== 'fargateTask' || fetchesTokenInVpc(workload.platformVersion, isWindows ? 'windows' : 'linux')
  )
}

function traceOf(hop: HopName, answer: HopAnswer): TracedHop {
  return { hop: hopOf(hop, answer), missing: answer.missing }
}

const rememberedAskers = remembering<Workload>()

/** What policies of endpoints say about this image and these roles. */
function askPolicies(
  world: TraceWorld,
  pull: PullToTrace,
  reference: ImageReference,
  { ways }: MergedSubnets,
): { readonly traced: TracedHop; readonly failing: readonly string[] } {
  const { scope, compute, name } = pull.workload
  const key = JSON.stringify([scope, compute, name, pull.pullers, pull.credentials])
  // One object for all images, so that answers which do not depend on the image are found again.
  const anyImage = rememberedAskers([world.inventory], key, () => askerOf(pull, []))
  const thisImage = askerOf(pull, reference.kind === 'ecrPrivate' ? [reference] : [])
  const answers = ways.map(({ subnetIds, hosts }) => ({
    subnetIds,
    answer: endpointPolicyHop(world, ({ kind }) => (kind === 'ecr.dkr' ? thisImage : anyImage), hosts),
  }))
  const bySubnet = answers.flatMap(({ subnetIds, answer }) => subnetIds.map((id) => [id, answer] as const))
  const failing = bySubnet.filter(([, { status }]) => status === 'fail').map(([id]) => id)
  return { traced: mergedHop('endpoint-policy', bySubnet), failing }
}

/** Who pulls what, in the shape endpoint policies are asked in. */
function askerOf({ workload, credentials, pullers }: PullToTrace, images: readonly PrivateImage[]): Workload {
  return {
    type: 'AWS::ECS::Service',
    arn: workload.arn,
    name: workload.name,
    scope: workload.scope,
    compute: workload.compute,
    vpcId: undefined,
    interfaces: [],
    unplaced: undefined,
    pullers: credentials === undefined ? pullers : unknown<never>(`the login of ${clip(credentials)} is used`),
    images: known(images),
    platformVersion: undefined,
    needs: [],
  }
}

type TracedHops = readonly (readonly [HopName, TracedHop])[]

function withoutSubnets(pull: PullToTrace, isReadable: boolean): TracedHops {
  const source = isReadable ? unplacedHop(pull) : nothingToAsk
  const others = isReadable ? nowhere : nothingToAsk
  return subnetHops.map((hop) => [hop, hop === 'source' ? placed(pull, traceOf(hop, source)) : traceOf(hop, others)])
}

function withSubnets(pull: PullToTrace, { hops }: MergedSubnets): TracedHops {
  return [...hops].map(([name, traced]) => [name, name === 'source' ? placed(pull, traced) : traced])
}

/** Everything rests on what placing the workload took for granted; it is said once, by the source. */
function placed({ assumptions = [] }: PullToTrace, traced: TracedHop): TracedHop {
  if (assumptions.length === 0) return traced
  const { hop, missing } = traced
  return { hop: { ...hop, assumptions: [...hop.assumptions, ...assumptions] }, missing }
}

const nothingToAsk = skipping('image-not-readable', 'Without an image there is nothing to ask')
const nowhere = skipping('not-placed', 'Without a subnet there is nothing to ask')
const notEcr = skipping('not-ecr-private', 'No role is asked for images outside private registries of ECR')

/** Policies may ask for the way of a request: where they do, and only there, each way is asked apart. */
function identityOf(
  world: TraceWorld,
  pull: PullToTrace,
  reference: ImageReference,
  subnets: MergedSubnets | undefined,
  isReadable: boolean,
): TracedHops {
  const answers = isReadable ? identityAnswers(world, pull, reference) : everywhere(nothingToAsk)
  const isOpen = identityHops.some((hop) => answers[hop].status === 'unknown')
  if (subnets === undefined || !isOpen) return identityHops.map((hop) => [hop, traceOf(hop, answers[hop])])
  const bySubnet = subnets.ways.flatMap(({ subnetIds, hosts }) => {
    const there = identityAnswers(world, pull, reference, pullWays(world, hosts))
    return subnetIds.map((id) => [id, there] as const)
  })
  return identityHops.map((hop) => [
    hop,
    mergedHop(
      hop,
      bySubnet.map(([id, there]) => [id, there[hop]]),
    ),
  ])
}

const rememberedIdentities = remembering<IdentityAnswers>()

function identityAnswers(
  world: TraceWorld,
  pull: PullToTrace,
  reference: ImageReference,
  ways: PullWays = {},
): IdentityAnswers {
  if (reference.kind !== 'ecrPrivate') return everywhere(notEcr)
  const nobody = pullerHop(pull)
  if (nobody !== undefined || pull.pullers.state !== 'known') {
    return nobody === undefined ? everywhere(notEcr) : { principal: nobody, ...notAsked() }
  }
  const { value } = pull.pullers
  const { scope } = pull.workload
  const keys = [ways.token?.key, ways.pull?.key]
  const key = JSON.stringify([scope, value, pull.profile, reference.repositoryArn, world.now?.getTime(), ...keys])
  return rememberedIdentities([world.inventory, world.organization], key, () =>
    mergeRoles(value.map((one) => [one.roleName, identityOfRole(world, pull, one, reference, ways)])),
  )
}

function everywhere(answer: HopAnswer): IdentityAnswers {
  return { principal: answer, token: answer, 'pull-actions': answer, guardrails: answer }
}

/** The first pull through a cache needs more of the network than others: subnets may differ. */
function stateOf(
  world: TraceWorld,
  pull: PullToTrace,
  image: ImageReference,
  subnets: MergedSubnets | undefined,
): TracedHop {
  const platform = pull.platform ?? platformOf(world.inventory, pull.workload)
  const anywhere = imageStateAnswer(world, { image, pull, platform, hasInternetPath: undefined })
  const isSettled = anywhere.status === 'pass' || anywhere.status === 'skipped'
  if (subnets === undefined || isSettled) return traceOf('image-state', anywhere)
  const bySubnet = subnets.ways.flatMap(({ subnetIds, hosts }) => {
    const way = pullWays(world, hosts).pull
    const same = Map.groupBy(subnetIds, (id) => subnets.internet.get(id))
    return [...same].flatMap(([hasInternetPath, ids]) => {
      const question = { image, pull, platform, hasInternetPath, ...(way === undefined ? {} : { way }) }
      const answer = imageStateAnswer(world, question)
      return ids.map((id) => [id, answer] as const)
    })
  })
  return mergedHop('image-state', bySubnet)
}

function composed(
  { workload, image, interfaces, pullers }: PullToTrace,
  traced: Traced,
  failingWays: readonly string[],
  grades: PullTrace['grades'],
): PullTrace {
  const all = hopNames.flatMap((name) => traced.get(name) ?? [])
  const hops = all.map(({ hop }) => hop)
  const [broken, ...nextFailures] = hops.filter(({ status }) => status === 'fail')
  const isOpen = hops.some(({ status }) => status === 'unknown')
  const verdict = broken !== undefined ? 'fail' : isOpen ? 'unknown' : 'pass'
  const shared = hops.some(({ hop, status, subnets }) => status === 'fail' && subnets === undefined && !isOfSubnet(hop))
  const { type, arn, name, scope } = workload
  const subnets = distinct(interfaces.map(({ subnetId }) => subnetId))
  const failing = new Set([
    ...failingWays,
    ...hops.flatMap((hop) => (hop.status === 'fail' ? (hop.subnets ?? []) : [])),
  ])
  const isIntermittent = !shared && failing.size < subnets.length
  return {
    workload: { type, arn, name, accountId: scope.accountId, region: scope.region },
    image,
    subnets,
    principals: pullers.state === 'known' ? distinct(pullers.value.map(({ roleName }) => roleName)) : [],
    verdict,
    firstBrokenHop: broken?.hop,
    hops,
    nextFailures,
    intermittent: isIntermittent ? subnets.filter((id) => failing.has(id)) : [],
    grades,
    missing: verdict === 'unknown' ? shortestFirst(all.flatMap(({ missing }) => missing)) : [],
  }
}

const ofSubnets: ReadonlySet<HopName> = new Set(subnetHops)

function isOfSubnet(hop: HopName): boolean {
  return ofSubnets.has(hop)
}

function shortestFirst(missing: readonly string[]): readonly string[] {
  return [...distinct(missing)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
}
