import type { Inventory } from '../../inventory/inventory.ts'
import type { VpcEndpoint } from '../../inventory/network.ts'
import { clip } from '../../model/quote.ts'
import type { Evidence } from '../../model/verdict.ts'
import { endpointIdOf } from '../../network/endpoint-of-path.ts'
import { topologyOf } from '../../network/topology.ts'
import type { Destination, ReachPath } from '../../network/types.ts'
import { isDenied } from '../can-pull.ts'
import { describeMissing } from '../describe-decision.ts'
import { type EndpointAnswer, type EndpointStep, endpointAnswer } from '../endpoint-policy.ts'
import type { PullWorld } from '../types.ts'
import type { Workload } from '../workloads.ts'
import { distinctEvidence, failing, type HopAnswer, passing, skipping, together, undecided } from './hop-answer.ts'
import type { HostReach } from './host-reach.ts'
import { unseenPolicy } from './unseen-endpoint.ts'

/** Whether the policies of the endpoints on the way let the pull through: `askerOf` gives who pulls what from a host. */
export function endpointPolicyHop(
  world: PullWorld,
  askerOf: (destination: Destination) => Workload,
  hosts: readonly HostReach[],
): HopAnswer {
  const [first, ...others] = hosts.flatMap((host) => ofHost(world, askerOf(host.reach.destination), host) ?? [])
  return first === undefined
    ? skipping('no-endpoint', 'The pull goes through no endpoint')
    : together([first, ...others])
}

/** A request takes one of the ways that are not ruled out: a denial is certain only when it meets it on each. */
function ofHost(world: PullWorld, workload: Workload, { reach, path }: HostReach): HopAnswer | undefined {
  const possible = reach.paths.filter(({ verdict }) => verdict === reach.verdict && verdict !== 'blocked')
  const ways = possible.length > 0 ? possible : path === undefined ? [] : [path]
  const answers = ways.map((way) => ofWay(world, workload, way, reach.destination))
  const asked = answers.filter((answer) => answer !== undefined)
  const [first, ...others] = asked
  if (first === undefined) return undefined
  const failed = asked.find(({ status }) => status === 'fail')
  const isCertain = asked.length === ways.length && asked.every(({ status }) => status === 'fail')
  return failed === undefined || isCertain ? together([first, ...others]) : eitherWay(reach.destination, failed)
}

function eitherWay({ host }: Destination, { reason, evidence }: HopAnswer): HopAnswer {
  const question = `which way requests for ${host} take`
  return undecided('way-not-known', `${reason}, if the request takes that way`, [question], { evidence })
}

function ofWay(world: PullWorld, workload: Workload, way: ReachPath, destination: Destination): HopAnswer | undefined {
  const id = endpointIdOf(way)
  if (id === undefined) return undefined
  const endpoint = endpointNamed(world.inventory, id)
  if (endpoint === undefined) {
    const { reason, assumption } = unseenPolicy(way)
    return passing('endpoint-policy-not-seen', reason, { assumptions: [assumption] })
  }
  return judged(endpointAnswer(world, endpoint, workload, destination), endpoint, destination)
}

function endpointNamed(inventory: Inventory, id: string): VpcEndpoint | undefined {
  return topologyOf(inventory).endpoints.get(id)
}

function judged(answer: EndpointAnswer, endpoint: VpcEndpoint, destination: Destination): HopAnswer {
  const { status, steps } = answer
  const { id } = endpoint
  if (status === 'pass') {
    const evidence =
      steps.length === 0 ? [{ source: id, detail: 'no policy: everything may pass' }] : evidenceOf(id, steps)
    return passing('endpoint-policies-allow', 'The policies of the endpoints let the pull through', { evidence })
  }
  const denied = steps.filter(({ decision }) => isDenied(decision.decision))
  const evidence = evidenceOf(id, denied.length > 0 ? denied : steps)
  if (status === 'fail') {
    return failing(codeOf(destination, denied), describe(id, denied), { evidence, fix: fixOf(id, denied, destination) })
  }
  const missing = [...answer.missing, ...steps.flatMap(({ decision }) => decision.missing.map(describeMissing))]
  return undecided(
    'endpoint-policy-undecided',
    `Whether the policy of ${id} lets the pull through is not known`,
    [...new Set(missing)],
    {
      evidence,
    },
  )
}

function codeOf({ kind }: Destination, denied: readonly EndpointStep[]): string {
  if (denied.some(({ decision }) => decision.decision === 'explicitlyDenied')) return 'endpoint-policy-denies'
  return kind === 's3.layers' ? 'endpoint-policy-without-layers' : 'endpoint-policy-without-pull'
}

function describe(id: string, denied: readonly EndpointStep[]): string {
  const [first] = denied
  if (first === undefined) return `The policy of ${id} blocks the pull`
  const { action, resource, caller, decision } = first
  const who = caller === 'ECR' ? 'ECR' : `role ${clip(caller)}`
  return `The policy of ${id} does not let ${who} do ${action} on ${clip(resource)}: ${clip(decision.decidedBy.reason)}`
}

function evidenceOf(id: string, steps: readonly EndpointStep[]): readonly Evidence[] {
  const lines = steps.map(({ action, resource, decision }) => {
    const { statement, reason } = decision.layers.find(({ layer }) => layer === 'endpoint') ?? decision.decidedBy
    const source = statement === undefined ? `policy of ${id}` : `policy of ${id}, statement ${statement.position}`
    return { source, detail: `${action} on ${clip(resource)}: ${clip(reason)}` }
  })
  // The same is asked for several callers, of whom the lines say nothing.
  return distinctEvidence(lines)
}

/** What is denied explicitly needs a statement to go, what is merely not allowed needs one to come. */
function fixOf(id: string, denied: readonly EndpointStep[], destination: Destination): string {
  const denying = denied.filter((step) => denyingStatement(step) !== undefined)
  const lacking = denied.filter((step) => denyingStatement(step) === undefined)
  const positions = new Set(denying.map(denyingStatement))
  return [
    ...(denying.length === 0
      ? []
      : [
          `Remove or narrow statement ${[...positions].join(' and ')} of the policy of ${id}: it denies ${actionsOf(denying).join(' and ')}`,
        ]),
    ...(lacking.length === 0
      ? []
      : [`Add to the policy of ${id}: ${JSON.stringify(statementFor(lacking, destination))}`]),
  ].join('; ')
}

function denyingStatement({ decision }: EndpointStep): number | undefined {
  return decision.decision === 'explicitlyDenied' ? decision.decidedBy.statement?.position : undefined
}

/** Layers are fetched by an identity of ECR, so only everybody can be named. */
function statementFor(denied: readonly EndpointStep[], { kind, region }: Destination): object {
  const actions = actionsOf(denied)
  const arns = [...new Set(denied.map(({ resource }) => resource))]
  const partition = arns[0]?.split(':')[1] ?? 'aws'
  const layers = `arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`
  const resources = kind === 's3.layers' ? [layers] : arns
  return { Effect: 'Allow', Principal: '*', Action: oneOrAll(actions), Resource: oneOrAll(resources) }
}

function actionsOf(denied: readonly EndpointStep[]): readonly string[] {
  return [...new Set(denied.map(({ action }) => action))]
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? values) : values
}
