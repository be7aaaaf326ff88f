import * as z from 'zod'

const count = z.int().min(0)

const resource = z.strictObject({
  type: z.string().describe('AWS Config resource type.'),
  id: z.string(),
  arn: z.string(),
  accountId: z.string(),
  region: z.string().describe('`global` for IAM and Organizations.'),
})

const finding = z.strictObject({
  id: z.string().describe('Stable hash of rule, account, region and resource ARN.'),
  rule: z.string(),
  severity: z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
  compliance: z.enum(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'UNDETERMINED']),
  resource,
  title: z.string(),
  reason: z.string(),
  evidence: z.array(z.strictObject({ source: z.string(), detail: z.string() })),
  assumptions: z.array(z.string()),
  remediation: z.strictObject({ text: z.string(), url: z.string().optional() }),
})

const coverage = z.strictObject({
  accountId: z.string(),
  region: z.string(),
  resourceType: z.string(),
  status: z.enum(['known', 'unknown']),
  reason: z.string().optional(),
})

const summary = z.strictObject({
  resources: count,
  byCompliance: z.strictObject({ COMPLIANT: count, NON_COMPLIANT: count, NOT_APPLICABLE: count, UNDETERMINED: count }),
  bySeverity: z
    .strictObject({ LOW: count, MEDIUM: count, HIGH: count, CRITICAL: count })
    .describe('Noncompliant findings by severity.'),
})

/** The JSON report, version 1: a contract with users' pipelines. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  generatedAt: z.iso.datetime(),
  summary,
  coverage: z.array(coverage),
  findings: z.array(finding),
  pulls: z.array(z.unknown()).describe('Empty until the audit traces image pulls.'),
})

/** The value `reportSchema` describes. */
export type ReportDocument = z.infer<typeof reportSchema>

/** The schema as JSON Schema text, as shipped in `docs/report.schema.json`. */
export function reportJsonSchema(): string {
  const schema = z.toJSONSchema(reportSchema, { target: 'draft-2020-12' })
  return `${JSON.stringify({ title: 'Pullpath report', ...schema }, undefined, 2)}\n`
}
