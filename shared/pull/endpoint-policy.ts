import { evaluateAccess } from '../iam/evaluate/evaluate.ts'
import type { AccessRequest, Decision, PolicyDocument } from '../iam/evaluate/types.ts'
import type { VpcEndpoint } from '../inventory/network.ts'
import type { Destination } from '../network/types.ts'
import { endpointPolicyDocument } from './endpoint-document.ts'
import { type EndpointDemands, endpointDemands } from './endpoint-requests.ts'
import { remembering } from './remembered.ts'
import type { PullWorld } from './types.ts'
import type { Workload } from './workloads.ts'

/** A request of a pull through an endpoint, and what the endpoint's policy says about it. */
export interface EndpointStep {
  readonly action: string
  /** ARN of the repository or of the layers, or `*`. */
  readonly resource: string
  /** Who asks: the role's name, or ECR itself for the layers. */
  readonly caller: string
  readonly decision: Decision
}

/** Whether the policy of one endpoint lets a workload pull through it. */
export interface EndpointAnswer {
  readonly endpointId: string
  readonly status: 'pass' | 'fail' | 'unknown'
  /** Every request that was decided; empty when the endpoint has no policy, which allows everything. */
  readonly steps: readonly EndpointStep[]
  /** Facts besides those of the steps that leave the answer open. */
  readonly missing: readonly string[]
}

const remembered = remembering<EndpointAnswer>()

/**
 * Whether the policy of an endpoint lets a workload do its part of a pull: the token through `ecr.api`, the manifest and the
 * layer addresses through `ecr.dkr`, the layers through S3. Only this policy is looked at; every other one is taken to allow.
 */
export function endpointAnswer(
  world: PullWorld,
  endpoint: VpcEndpoint,
  workload: Workload,
  destination: Destination,
): EndpointAnswer {
  const key = JSON.stringify([destination.kind, destination.host, world.now?.getTime()])
  return remembered([world.inventory, world.organization, endpoint, workload], key, () =>
    decided(world, endpoint, workload, destination),
  )
}

function decided(
  world: PullWorld,
  endpoint: VpcEndpoint,
  workload: Workload,
  destination: Destination,
): EndpointAnswer {
  const document = endpointPolicyDocument(endpoint)
  if (document === undefined) return { endpointId: endpoint.id, status: 'pass', steps: [], missing: [] }
  const demands = endpointDemands(world, endpoint, workload, destination)
  const answers = demands.alternatives.map((requests) =>
    requests.map(({ caller, request }): EndpointStep => {
      const decision = endpointDecision(document, request)
      return { action: request.action, resource: request.resource.arn, caller, decision }
    }),
  )
  return { endpointId: endpoint.id, ...settled(answers, demands) }
}

/** What a policy of an endpoint says about one request, whatever other policies say. */
export function endpointDecision(document: PolicyDocument, request: AccessRequest): Decision {
  const accountId = 'accountId' in request.principal ? request.principal.accountId : request.resource.accountId
  // As if of one account: then the identity policy alone grants, and what remains is the endpoint's word.
  const resource = { arn: request.resource.arn, accountId }
  return evaluateAccess({
    request: { ...request, resource },
    identityPolicies: [allowEverything],
    endpointPolicies: [document],
  })
}

const all = { patterns: ['*'], not: false }
const allowEverything: PolicyDocument = {
  state: 'known',
  name: 'every identity policy',
  policy: {
    version: '2012-10-17',
    id: undefined,
    statements: [
      {
        position: 1,
        sid: undefined,
        effect: 'Allow',
        principal: undefined,
        action: all,
        resource: all,
        conditions: [],
      },
    ],
  },
}

type Settled = Pick<EndpointAnswer, 'status' | 'steps' | 'missing'>

/**
 * With `every`, each alternative must pass, and where they disagree it is open which one is real. With `some`, any that
 * passes settles it.
 */
function settled(answers: readonly (readonly EndpointStep[])[], demands: EndpointDemands): Settled {
  const { needs, question, unsureWhenDenied } = demands
  const statuses = answers.map(statusOfSteps)
  const passing = answers[statuses.indexOf('pass')]
  if (needs === 'some' && passing !== undefined) return { status: 'pass', steps: passing, missing: [] }
  const steps = answers.flat()
  if (statuses.every((status) => status === 'pass')) return { status: 'pass', steps, missing: [] }
  if (unsureWhenDenied !== undefined) return { status: 'unknown', steps, missing: [unsureWhenDenied] }
  if (statuses.every((status) => status === 'fail')) return { status: 'fail', steps, missing: [] }
  return { status: 'unknown', steps, missing: statuses.includes('unknown') ? [] : [question] }
}

function statusOfSteps(steps: readonly EndpointStep[]): 'pass' | 'fail' | 'unknown' {
  const decisions = steps.map(({ decision }) => decision.decision)
  if (decisions.some((one) => one === 'explicitlyDenied' || one === 'implicitlyDenied')) return 'fail'
  return decisions.includes('unknown') ? 'unknown' : 'pass'
}
