import type { VpcEndpoint } from '../../inventory/network.ts'
import type { MissingFact } from '../../model/verdict.ts'
import type { Destination } from '../../network/types.ts'
import { missingFacts } from '../../pull/describe-decision.ts'
import { type FullAccess, fullAccessOf } from '../../pull/endpoint-full-access.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { traversed } from '../pull-paths.ts'
import { missingOfReach, type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
import { vpcReads, vpcTriggers } from '../vpc-reads.ts'
import { judgePulls, type PullReach } from '../vpc-workloads.ts'

/** An endpoint that lets anyone do anything anywhere is a way out for stolen data. */
export const rule = defineRule({
  id: 'vpc-endpoint-policy-restricted',
  area: 'vpc',
  title: 'The policies of the endpoints restrict what goes through',
  severity: 'LOW',
  why: 'Through an endpoint with full access code in the VPC pushes images to, or copies data into, accounts of strangers.',
  fix: 'Give the endpoint a policy that names the roles, actions and repositories that pulls need, and for S3 the layer bucket beside your own buckets.',
  notes: [
    'Off by default: that the endpoint lets nothing but pulls through is a decision about everything that uses it.',
    'Full access means that a principal of any account may write to repositories or buckets of any account.',
  ],
  judges: 'AWS::EC2::VPC',
  reads: vpcReads(),
  triggers: vpcTriggers(),
  frameworks: {},
  defaultEnabled: false,
  url: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html',
  parameters: noParameters,
  evaluate: (vpc, context) =>
    judgePulls(vpc, context, (pulls) =>
      verdictOnPulls(pulls, (pull) => outcomeOf(pull, context), {
        good: 'The policies of the endpoints restrict access',
        none: 'No pull goes through an endpoint of the inventory.',
      }),
    ),
})

function outcomeOf(pull: PullReach, context: RuleContext): PullOutcome {
  const ways = traversed(pull, context)
  const endpoints = ways.flatMap(({ endpoint }) => endpoint ?? [])
  const { destination } = pull.reach
  if (endpoints.length === 0) {
    const isOpen = ways.some(({ path }) => path.verdict === 'unknown')
    return isOpen ? { kind: 'open', missing: missingOfReach(pull) } : { kind: 'skip' }
  }
  const answers = endpoints.map((endpoint) => ({ endpoint, ...fullAccessOf(endpoint, destination) }))
  const full = answers.find(({ status }) => status === 'full')
  if (full !== undefined) return fullAccess(full, destination)
  const open = answers.filter(({ status }) => status === 'unknown')
  return open.length === 0 ? { kind: 'good' } : { kind: 'open', missing: open.flatMap(missingOf) }
}

type Answer = FullAccess & { readonly endpoint: VpcEndpoint }

function fullAccess({ endpoint, decision }: Answer, { kind }: Destination): PullOutcome {
  const { id, policy } = endpoint
  const statement = decision?.layers.find(({ layer }) => layer === 'endpoint')?.statement
  const because =
    policy.state === 'absent'
      ? `The endpoint ${id} has no policy, which allows everything`
      : `The policy of the endpoint ${id} lets anyone write anywhere`
  const needed =
    kind === 's3.layers' ? 'the layer bucket and your own buckets' : 'the pull actions and your repositories'
  const evidence =
    statement === undefined
      ? { source: `endpoint ${id}`, detail: because }
      : { source: `policy of endpoint ${id}, statement ${statement.position}`, detail: 'allows it to everyone' }
  return { kind: 'bad', because, fix: `Limit the policy of ${id} to ${needed}`, evidence: [evidence] }
}

function missingOf({ decision }: ReturnType<typeof fullAccessOf>): readonly MissingFact[] {
  return missingFacts(decision?.missing ?? [])
}
