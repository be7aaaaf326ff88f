import { partitionOf } from '../../model/arn.ts'
import { clip } from '../../model/quote.ts'
import type { Evidence } from '../../model/verdict.ts'
import type { Destination } from '../../network/types.ts'
import { missingFacts } from '../../pull/describe-decision.ts'
import { type EndpointAnswer, type EndpointStep, endpointAnswer } from '../../pull/endpoint-policy.ts'
import { unseenPolicy } from '../../pull/hops/unseen-endpoint.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { isSurelyTaken, traversed } from '../pull-paths.ts'
import { missingOfReach, type PullOutcome, verdictOnPulls } from '../pull-verdict.ts'
import { vpcReads, vpcTriggers } from '../vpc-reads.ts'
import { judgePulls, type PullReach } from '../vpc-workloads.ts'

/** The policy of an endpoint has a word in every request through it. */
export const rule = defineRule({
  id: 'vpc-endpoint-policy-allows-pull',
  area: 'vpc',
  title: 'The policies of the endpoints let workloads pull',
  severity: 'HIGH',
  why: 'A pull through an endpoint whose policy leaves out the role, the repository or the layer bucket ends with 403 Forbidden, whatever the role may do.',
  fix: 'Allow the roles ecr:GetAuthorizationToken on *, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer in the policies of the ECR endpoints, and s3:GetObject on the layer bucket to everyone in that of S3.',
  notes: [
    'ECR itself fetches layers: "Principal": "*" on the layer bucket is right, and conditions on the own organization break pulls.',
    'The policy of ecr.dkr needs no GetAuthorizationToken, that of ecr.api no BatchGetImage.',
    'For node groups the add-on images of AWS are asked about, for pods on Fargate any repository of the inventory.',
    'Only endpoint policies are judged; those of roles and repositories have rules of their own.',
  ],
  judges: 'AWS::EC2::VPC',
  reads: vpcReads('AWS::ECR::Repository', 'AWS::IAM::InstanceProfile', 'AWS::IAM::Role'),
  asksWhoIsOurs: true,
  triggers: vpcTriggers('ecs:RegisterTaskDefinition'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-vpc-endpoint-policy',
  parameters: noParameters,
  evaluate: (vpc, context) =>
    judgePulls(vpc, context, (pulls) =>
      verdictOnPulls(pulls, (pull) => outcomeOf(pull, context), {
        good: 'The policies of the endpoints allow the pulls',
        none: 'No pull goes through an endpoint.',
      }),
    ),
})

function outcomeOf(pull: PullReach, context: RuleContext): PullOutcome {
  const { workload, reach } = pull
  const ways = traversed(pull, context)
  if (ways.length === 0) return { kind: 'skip' }
  const hidden = ways.filter(({ endpoint }) => endpoint === undefined)
  const unsure = hidden.filter(({ path }) => path.verdict === 'unknown')
  const answers = ways.flatMap(({ endpoint, path }) =>
    endpoint === undefined
      ? []
      : [{ ...endpointAnswer(context, endpoint, workload, reach.destination), sure: isSurelyTaken(path) }],
  )
  const broken = answers.find(({ status, sure }) => status === 'fail' && sure)
  if (broken !== undefined) {
    return {
      kind: 'bad',
      because: describe(broken),
      fix: fixOf(broken, reach.destination),
      evidence: broken.steps.filter(isDenied).map(evidenceOf),
    }
  }
  if (answers.some(({ status }) => status === 'fail')) return { kind: 'open', missing: missingOfReach(pull) }
  const open = answers.filter(({ status }) => status === 'unknown')
  if (open.length > 0) return { kind: 'open', missing: open.flatMap(missingOf) }
  if (unsure.length > 0 && answers.length === 0) return { kind: 'open', missing: missingOfReach(pull) }
  const assumptions = hidden.map(({ path }) => unseenPolicy(path).assumption)
  return { kind: 'good', assumptions }
}

function isDenied({ decision }: EndpointStep): boolean {
  return decision.decision === 'explicitlyDenied' || decision.decision === 'implicitlyDenied'
}

function describe({ endpointId, steps }: EndpointAnswer): string {
  const [first] = steps.filter(isDenied)
  if (first === undefined) return `The policy of ${endpointId} blocks the pull`
  const { action, resource, caller, decision } = first
  const who = caller === 'ECR' ? 'ECR' : `role ${clip(caller)}`
  return `The policy of ${endpointId} does not let ${who} do ${action} on ${clip(resource)}: ${clip(decision.decidedBy.reason)}`
}

function evidenceOf({ action, resource, decision }: EndpointStep): Evidence {
  const { statement, reason } = decision.decidedBy
  const source =
    statement === undefined ? 'endpoint policy' : `${clip(statement.policy)}, statement ${statement.position}`
  return { source, detail: `${action} on ${clip(resource)}: ${clip(reason)}` }
}

function missingOf({ steps, missing }: EndpointAnswer): ReturnType<typeof missingFacts> {
  const named = missing.map((reason) => ({ reason: clip(reason), transience: 'lasting' as const }))
  return [...missingFacts(steps.flatMap(({ decision }) => decision.missing)), ...named]
}

function fixOf({ endpointId, steps }: EndpointAnswer, { kind, region }: Destination): string {
  const denied = steps.filter(isDenied)
  if (denied.some(({ decision }) => decision.decision === 'explicitlyDenied')) {
    return `Except the pull from the Deny statement of the policy of ${endpointId}`
  }
  if (kind === 's3.layers') {
    const bucket = `arn:${partitionOf(region)}:s3:::prod-${region}-starport-layer-bucket/*`
    return `Allow s3:GetObject to "*" on ${bucket} in the policy of ${endpointId}, without conditions`
  }
  const actions = [...new Set(denied.map(({ action }) => action))].join(' and ')
  const resources = [...new Set(denied.map(({ resource }) => clip(resource)))].slice(0, 3).join(', ')
  const callers = [...new Set(denied.map(({ caller }) => clip(caller)))].slice(0, 3).join(', ')
  return `Allow ${actions} on ${resources} to ${callers} in the policy of ${endpointId}`
}
