// biome-ignore-all lint/suspicious/noExplicitAny: findings are made wrong on purpose
import { SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Compliance, Finding } from '../../shared/model/finding.ts'
import { evaluationsOf } from '../../shared/sinks/config/evaluations.ts'
import { putEvaluations } from '../../shared/sinks/config/put-evaluations.ts'
import { sendFindings } from '../../shared/sinks/queue/send-findings.ts'
import { asffOf } from '../../shared/sinks/security-hub/asff.ts'
import { importFindings } from '../../shared/sinks/security-hub/import-findings.ts'
import { accountId, findingOf, noon, region } from '../lambdas/finding-publisher/scenario.ts'
import { clientsAt } from '../support/fake-aws/clients.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { fakeQueue } from '../support/fake-aws/sqs.ts'
import { problemsOf, readServiceModel } from '../support/service-model.ts'

const securityHub = readServiceModel('securityhub')
const config = readServiceModel('config')
const sqs = readServiceModel('sqs')

let fake: FakeAws
beforeAll(async () => {
  fake = await startFakeAws(accountId, region)
  fake.state.services.set('AmazonSQS', fakeQueue({ now: () => 0 }).serve)
})
afterAll(() => fake?.close())

const verdicts: readonly Compliance[] = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'UNDETERMINED']
const { resource } = findingOf('x')
const placed = [
  resource,
  { ...resource, type: 'AWS::IAM::Role', id: 'AROA1', arn: `arn:aws:iam::${accountId}:role/ci/x`, region: 'global' },
  { ...resource, type: 'AWS::ECS::TaskDefinition', arn: `arn:aws:ecs:${region}:${accountId}:task-definition/web:7` },
  { ...resource, type: 'AWS::ECS::Service', arn: `arn:aws:ecs:${region}:${accountId}:service/blue/web` },
  { ...resource, type: 'AWS::EC2::VPC', id: 'vpc-1', arn: `arn:aws:ec2:${region}:${accountId}:vpc/vpc-1` },
  { ...resource, type: 'AWS::EKS::Nodegroup', arn: `arn:aws:eks:${region}:${accountId}:nodegroup/blue/a/11aa22bb` },
  { ...resource, type: 'AWS::::Account', id: accountId, arn: `arn:aws:iam::${accountId}:root` },
  { ...resource, id: 'r'.repeat(256), arn: `${resource.arn}${'r'.repeat(600)}` },
]
const long = '漢"\\😀'.repeat(2_000)
const lines = Array.from({ length: 30 }, () => long)
const wordings: readonly Partial<Finding>[] = [
  {},
  { title: '', reason: '', remediation: { text: '' }, evidence: [{ source: '', detail: '' }] },
  {
    ...{ title: long, reason: long, assumptions: lines, remediation: { text: long, url: 'https://example.com/fix' } },
    evidence: lines.map((detail) => ({ source: long, detail })),
    exception: { reason: long, owner: long, expires: '2026-12-31' } as Finding['exception'] & object,
  },
]
const findings = placed.flatMap((one, place) =>
  wordings.flatMap((wording, n) =>
    verdicts.map((compliance) =>
      findingOf(`id-${place}-${n}-${compliance}`, { ...wording, compliance, resource: one }),
    ),
  ),
)
const clients = () => clientsAt(fake.endpoint, region)
const patience = { sleep: async () => undefined, random: () => 0 }
const bodies = (operation: string) => fake.calls.filter((call) => call.operation === operation).map(({ body }) => body)
const rendered = () => findings.flatMap((finding) => asffOf(finding, noon, region) ?? [])

describe('what is sent keeps the model of the service', () => {
  it('BatchImportFindings, every verdict on every kind of resource with empty and endless texts', async () => {
    await importFindings({ client: clients().securityHub, accountId, ...patience }, rendered())
    const sent = bodies('BatchImportFindings')
    expect(sent.flatMap((body) => body.Findings).length).toBe(findings.length)
    for (const body of sent) expect(problemsOf(securityHub, 'BatchImportFindings', body)).toEqual([])
  })

  it.each(['report', 'leave'] as const)('PutEvaluations, undetermined: %s', async (undetermined) => {
    const evaluations = evaluationsOf(findings, noon, undetermined)
    const sink = { client: clients().config, resultToken: 'token-1', ...patience }
    const before = bodies('PutEvaluations').length
    await putEvaluations(sink, evaluations)
    const sent = bodies('PutEvaluations').slice(before)
    expect(sent.flatMap((body) => body.Evaluations).length).toBe(evaluations.length)
    expect(evaluations.length).toBeGreaterThan(0)
    for (const body of sent) expect(problemsOf(config, 'PutEvaluations', body)).toEqual([])
  })

  it('SendMessageBatch', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const client = new SQSClient({ region, endpoint: fake.endpoint, credentials })
    await sendFindings({ client, queueUrl: 'https://sqs.example.com/1/findings', ...patience }, rendered())
    const sent = bodies('SendMessageBatch')
    expect(sent.flatMap((body) => body.Entries).length).toBe(findings.length)
    for (const body of sent) expect(problemsOf(sqs, 'SendMessageBatch', body)).toEqual([])
  })
})

describe('the check finds', () => {
  const good = () => JSON.parse(JSON.stringify(asffOf(findingOf('a'), noon, region)))
  const problems = (change: (finding: Record<string, any>) => void) => {
    const finding = good()
    change(finding)
    return problemsOf(securityHub, 'BatchImportFindings', { Findings: [finding] })
  }
  const at = (field: string, problem: string) => [`BatchImportFindings.Findings[0]${field}: ${problem}`]

  it('nothing in a good finding', () => {
    expect(problems(() => undefined)).toEqual([])
  })

  it.each<[string, (finding: Record<string, any>) => void, readonly string[]]>([
    ['a missing field', (one) => delete one.Title, at('', 'lacks Title')],
    ['a field too many', (one) => Object.assign(one, { Extra: 1 }), at('', 'has no member Extra')],
    [
      'a title too long',
      (one) => Object.assign(one, { Title: 'a'.repeat(257) }),
      at('.Title', 'length 257 is more than 256'),
    ],
    ['an id too long', (one) => Object.assign(one, { Id: 'a'.repeat(513) }), at('.Id', 'length 513 is more than 512')],
    ['blank text', (one) => Object.assign(one, { Title: ' ' }), at('.Title', 'expected .*\\S.*')],
    ['another type', (one) => Object.assign(one, { Title: 1 }), at('.Title', 'expected text')],
    [
      'an account id of 11 digits',
      (one) => Object.assign(one, { AwsAccountId: '1'.repeat(11) }),
      at('.AwsAccountId', 'length 11 is less than 12'),
    ],
    ['no resource', (one) => Object.assign(one, { Resources: [] }), at('.Resources', 'length 0 is less than 1')],
    [
      'a state that is none',
      (one) => Object.assign(one, { RecordState: 'GONE' }),
      at('.RecordState', 'expected one of ACTIVE, ARCHIVED'),
    ],
    [
      '51 product fields',
      (one) =>
        Object.assign(one, { ProductFields: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v'])) }),
      at('.ProductFields', 'length 51 is more than 50'),
    ],
    [
      'a product field too long',
      (one) => Object.assign(one, { ProductFields: { k: 'v'.repeat(2049) } }),
      at('.ProductFields', 'the value of k is too long'),
    ],
    [
      'a recommendation too long',
      (one) => Object.assign(one.Remediation.Recommendation, { Text: 'a'.repeat(513) }),
      at('.Remediation.Recommendation.Text', 'length 513 is more than 512'),
    ],
  ])('%s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected)
  })

  it('101 findings, and an annotation of 257 characters', () => {
    const many = { Findings: Array.from({ length: 101 }, good) }
    expect(problemsOf(securityHub, 'BatchImportFindings', many)).toEqual([
      'BatchImportFindings.Findings: length 101 is more than 100',
    ])
    const evaluation = {
      ...{ ComplianceResourceType: 'AWS::ECR::Repository', ComplianceResourceId: 'app', ComplianceType: 'COMPLIANT' },
      ...{ Annotation: 'a'.repeat(257), OrderingTimestamp: 1 },
    }
    expect(problemsOf(config, 'PutEvaluations', { ResultToken: 't', Evaluations: [evaluation] })).toEqual([
      'PutEvaluations.Evaluations[0].Annotation: length 257 is more than 256',
    ])
  })
})
