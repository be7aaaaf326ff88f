import type { RequestContext } from '../conditions/context.ts'
import { evaluateAccess } from '../evaluate/evaluate.ts'
import type { Decision, Missing } from '../evaluate/types.ts'
import { distinctMissing } from './acceptance.ts'
import type { TrustInput } from './web-identity-trust.ts'

/** A service that wants to assume a role. */
export interface ServiceTrustInput extends TrustInput {
  /** `ecs-tasks.amazonaws.com`. */
  readonly service: string
  readonly context: RequestContext
  /** Contexts that are all possible, each laid over `context`: values of keys that are not known exactly. */
  readonly probes?: readonly RequestContext[]
}

/**
 * Whether a service may assume the role by its trust policy. Under several possible contexts the answer is the one they
 * agree on; when they do not, it is unknown and names the keys they differ in.
 */
export function serviceMayAssume(input: ServiceTrustInput): Decision {
  const { context, probes = [] } = input
  const [first, ...more] = probes.map((probe) => decide(input, new Map([...context, ...probe])))
  if (first === undefined) return decide(input, context)
  if (more.every((one) => kindOf(one) === kindOf(first))) return first
  const open = [first, ...more].find(({ decision }) => decision === 'unknown') ?? first
  const missing = distinctMissing([first, ...more].flatMap((one) => one.missing).concat(differing(probes)))
  const reason = `the trust policy lets ${input.service} assume the role in some of the possible requests only`
  return {
    ...open,
    decision: 'unknown',
    decidedBy: { ...open.decidedBy, result: 'unknown', reason },
    missing,
  }
}

/** Two denials agree, whichever statement or lack of one denies. */
function kindOf({ decision }: Decision): 'allowed' | 'denied' | 'unknown' {
  return decision === 'allowed' || decision === 'unknown' ? decision : 'denied'
}

function decide({ trust, roleArn, accountId, service }: ServiceTrustInput, context: RequestContext): Decision {
  return evaluateAccess({
    request: {
      principal: { kind: 'service', name: service },
      action: 'sts:AssumeRole',
      resource: { arn: roleArn, accountId },
      context,
    },
    identityPolicies: [],
    resourcePolicies: [{ document: { state: 'known', name: 'trust policy', policy: trust } }],
  })
}

/** Keys on which the possible requests do not agree. */
function differing(probes: readonly RequestContext[]): readonly Missing[] {
  const keys = [...new Set(probes.flatMap((probe) => [...probe.keys()]))]
  const texts = (key: string): Set<string> => new Set(probes.map((probe) => JSON.stringify(probe.get(key) ?? null)))
  return keys
    .filter((key) => texts(key).size > 1)
    .map((key) => ({ kind: 'fact', fact: `the exact value of ${key} is not known` }))
}
