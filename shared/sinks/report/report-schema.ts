import * as z from 'zod'
import { exceptionStatuses } from '../../model/exception.ts'
import { hopNames } from '../../model/pull.ts'

const count = z.int().min(0)

const resource = z.strictObject({
  type: z.string().describe('AWS Config resource type.'),
  id: z.string(),
  arn: z.string(),
  accountId: z.string(),
  region: z.string().describe('`global` for IAM and Organizations.'),
})

const evidence = z.array(z.strictObject({ source: z.string(), detail: z.string() }))

const exception = z.strictObject({
  reason: z.string(),
  owner: z.string().describe('Who answers for it.'),
  expires: z.iso.date().describe('Its last day, to the end of the day in UTC.'),
})

const finding = z.strictObject({
  id: z.string().describe('Stable hash of rule, account, region and resource ARN.'),
  rule: z.string(),
  severity: z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
  compliance: z.enum(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'UNDETERMINED']),
  resource,
  title: z.string(),
  reason: z.string(),
  evidence,
  assumptions: z.array(z.string()),
  remediation: z.strictObject({ text: z.string(), url: z.string().optional() }),
  exception: exception.optional().describe('The failure is accepted for a time: it does not fail the run.'),
})

const coverage = z.strictObject({
  accountId: z.string(),
  region: z.string().describe('`*`: every region of the account.'),
  resourceType: z.string().describe('`*`: every type.'),
  status: z.enum(['known', 'unknown']),
  reason: z.string().optional(),
  resourceArn: z
    .string()
    .optional()
    .describe('Only this resource could not be read in full; the listing of its type stands.'),
})

const exceptionReview = z.strictObject({
  rule: z.string().describe('A rule id, or the start of some with `*` behind it.'),
  resource: z.string().optional(),
  account: z.string().optional(),
  tag: z.strictObject({ key: z.string(), value: z.string() }).optional(),
  ...exception.shape,
  status: z
    .enum(exceptionStatuses)
    .describe(
      '`active`: holds. `unmatched`: holds, and nothing it names is out of order. `expired`, `tooLong`: does not hold.',
    ),
  failing: count.describe('Noncompliant findings it names, whether it holds or not.'),
  undetermined: count.describe('Undetermined findings it names; they stay undetermined.'),
})

const hop = z.strictObject({
  hop: z.enum(hopNames),
  status: z
    .enum(['pass', 'fail', 'unknown', 'skipped'])
    .describe('`skipped`: does not apply, or an earlier hop left nothing to ask about.'),
  code: z.string().describe('Stable and machine readable.'),
  reason: z.string(),
  evidence,
  assumptions: z.array(z.string()),
})

const grade = z.enum(['A', 'B', 'C', 'D']).nullable()

const pull = z.strictObject({
  workload: z.strictObject({
    type: z.string().describe('AWS Config resource type, or the kind of a Kubernetes object.'),
    arn: z.string(),
    name: z.string(),
    accountId: z.string(),
    region: z.string(),
  }),
  image: z.string().describe('As the workload names it.'),
  subnets: z.array(z.string()),
  principals: z.array(z.string()).describe('ARNs or names of the roles that may pull.'),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  firstBrokenHop: z.enum(hopNames).nullable().describe('The root cause; null when no hop fails.'),
  hops: z.array(hop).describe('Every hop, in the order a pull meets them.'),
  nextFailures: z.array(z.enum(hopNames)).describe('Hops that fail once the first broken one is mended.'),
  grades: z
    .strictObject({
      privacy: grade.describe('A: endpoint in the VPC, B: central endpoint, C: NAT gateway, D: internet gateway.'),
      leastPrivilege: grade.describe(
        'A: own repositories and pull actions only, B: pull only, C: wider reads, D: more.',
      ),
    })
    .describe('Null when not graded.'),
})

const summary = z.strictObject({
  resources: count,
  byCompliance: z.strictObject({ COMPLIANT: count, NON_COMPLIANT: count, NOT_APPLICABLE: count, UNDETERMINED: count }),
  bySeverity: z
    .strictObject({ LOW: count, MEDIUM: count, HIGH: count, CRITICAL: count })
    .describe('Noncompliant findings by severity.'),
  excepted: count.describe('Noncompliant findings that an exception covers; the other counts leave them out.'),
})

/** The JSON report, version 1: a contract with users' pipelines. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  generatedAt: z.iso.datetime(),
  summary,
  coverage: z.array(coverage),
  findings: z.array(finding),
  exceptions: z.array(exceptionReview).describe('The exceptions of the rules that ran, as the settings list them.'),
  pulls: z
    .array(pull)
    .describe('Every workload and image; empty when the rules asked for do not read what pulls rest on.'),
})

/** The value `reportSchema` describes. */
export type ReportDocument = z.infer<typeof reportSchema>

/** The schema as JSON Schema text, as shipped in `docs/report.schema.json`. */
export function reportJsonSchema(): string {
  const schema = z.toJSONSchema(reportSchema, { target: 'draft-2020-12' })
  return `${JSON.stringify({ title: 'Pullpath report', ...schema }, undefined, 2)}\n`
}
