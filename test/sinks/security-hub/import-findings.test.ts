import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import { asffOf } from '../../../shared/sinks/security-hub/asff.ts'
import { importFindings } from '../../../shared/sinks/security-hub/import-findings.ts'
import { clientsAt } from '../../support/fake-aws/clients.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const finding = (n = 0, extra: Partial<Finding> = {}): Finding => ({
  id: `id${n}`,
  rule: 'some-rule',
  severity: 'HIGH',
  compliance: 'NON_COMPLIANT',
  title: 't',
  reason: 'because',
  evidence: [{ source: 'repository policy, statement 1', detail: 'Allow\u0000 *' }],
  assumptions: [],
  remediation: { text: 'fix' },
  resource: {
    type: 'AWS::ECR::Repository',
    id: 'app',
    arn: 'arn:aws-cn:ecr:cn-north-1:111122223333:repository/app',
    accountId: '111122223333',
    region: 'cn-north-1',
  },
  ...extra,
})
const at = '2026-03-01T12:00:00.000Z'
const send = (findings: readonly Finding[]) =>
  importFindings(
    {
      client: clientsAt(fake.endpoint, 'eu-central-1').securityHub,
      accountId: '111122223333',
      sleep: async () => undefined,
      random: () => 0,
    },
    findings.flatMap((one) => asffOf(one, at, 'cn-north-1') ?? []),
  )

describe('asffOf', () => {
  it('sends a finding on a role to the Security Hub of the function, which has a region although the role has none', () => {
    const arn = 'arn:aws:iam::111122223333:role/ci/deployer'
    const resource = { type: 'AWS::IAM::Role', id: 'AROA1', arn, accountId: '111122223333', region: 'global' }
    const asff = asffOf(finding(0, { resource }), at, 'eu-west-1')!
    expect([asff.Region, asff.ProductArn]).toEqual([
      'eu-west-1',
      'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default',
    ])
    expect(asff.Resources).toEqual([
      {
        ...{ Type: 'AwsIamRole', Id: arn, Region: 'eu-west-1', Partition: 'aws' },
        Details: { AwsIamRole: { RoleName: 'deployer', RoleId: 'AROA1' } },
      },
    ])
  })

  it.each([
    ['AWS::ECS::TaskDefinition', 'task-definition/web:7', 'AwsEcsTaskDefinition'],
    ['AWS::ECS::Service', 'service/blue/web', 'AwsEcsService'],
    ['AWS::EC2::VPC', 'vpc/vpc-1', 'AwsEc2Vpc'],
    ['AWS::EKS::Nodegroup', 'nodegroup/blue/a/11aa22bb', 'Other'],
    ['AWS::EKS::FargateProfile', 'fargateprofile/blue/a/11aa22bb', 'Other'],
  ])('names %s as Security Hub does', (type, path, expected) => {
    const arn = `arn:aws:ecs:eu-west-1:111122223333:${path}`
    const resource = { type, id: 'id', arn, accountId: '111122223333', region: 'eu-west-1' }
    const [rendered] = asffOf(finding(0, { resource }), at, 'eu-west-1')!.Resources!
    expect([rendered?.Type, rendered?.Id]).toEqual([expected, arn])
    if (type === 'AWS::ECS::TaskDefinition') {
      expect(rendered?.Details).toEqual({ AwsEcsTaskDefinition: { Family: 'web' } })
    }
  })

  it('names our own product with the partition of the region and sets no control id', () => {
    const asff = asffOf(finding(), at, 'cn-north-1')!
    expect(asff.ProductArn).toBe('arn:aws-cn:securityhub:cn-north-1:111122223333:product/111122223333/default')
    expect([asff.Id, asff.GeneratorId]).toEqual(['pullpath/id0', 'pullpath/some-rule'])
    expect(asff.FindingProviderFields?.Severity).toEqual({ Label: 'HIGH', Original: 'HIGH' })
    expect(asff.Compliance?.Status).toBe('FAILED')
    expect(asff.Compliance).not.toHaveProperty('SecurityControlId')
    expect(asff.ProductFields?.['pullpath/evidence/1']).toBe('repository policy, statement 1: Allow  *')
    expect(asff.Resources?.[0]?.Partition).toBe('aws-cn')
  })
  it.each([
    ['COMPLIANT', 'PASSED', 'INFORMATIONAL', 'ACTIVE'],
    ['UNDETERMINED', 'WARNING', 'HIGH', 'ACTIVE'],
    ['NOT_APPLICABLE', 'PASSED', 'INFORMATIONAL', 'ARCHIVED'],
  ] as const)('renders %s as %s, %s, %s', (compliance, status, label, record) => {
    const asff = asffOf(finding(0, { compliance }), at, 'cn-north-1')!
    expect([asff.Compliance?.Status, asff.FindingProviderFields?.Severity?.Label, asff.RecordState]).toEqual([
      status,
      label,
      record,
    ])
  })
  it('trims texts at their limits with an ellipsis, never inside a code point', () => {
    const asff = asffOf(finding(0, { title: `${'a'.repeat(254)}😀😀`, reason: 'b'.repeat(1025) }), at, 'cn-north-1')!
    expect(asff.Title).toBe(`${'a'.repeat(254)}…`)
    expect(asff.Description).toBe(`${'b'.repeat(1023)}…`)
  })
})

describe('importFindings', () => {
  it('sends at most 100 findings a call', async () => {
    await send(Array.from({ length: 201 }, (_, n) => finding(n)))
    expect(fake.calls.map((one) => one.body.Findings.length)).toEqual([100, 100, 1])
    expect(fake.findings.size).toBe(201)
  })
  it('refuses a finding of another account before any call', async () => {
    const resource = { ...finding().resource, accountId: '999999999999' }
    await expect(send([finding(), finding(1, { resource })])).rejects.toThrow('belongs to another account')
    expect(fake.calls).toEqual([])
  })
  it('sends throttled findings again and raises invalid ones after the rest', async () => {
    fake.state.plan = (_operation, n) =>
      n === 1
        ? {
            answer: {
              SuccessCount: 1,
              FailedCount: 2,
              FailedFindings: [
                { Id: 'pullpath/id0', ErrorCode: 'Throttling', ErrorMessage: '' },
                { Id: 'pullpath/id1', ErrorCode: 'InvalidInput', ErrorMessage: '' },
              ],
            },
          }
        : undefined
    await expect(send([finding(0), finding(1), finding(2)])).rejects.toThrow(
      'did not import 1 finding(s) (InvalidInput): pullpath/id1',
    )
    expect([...fake.findings.keys()]).toEqual(['pullpath/id0'])
  })
  describe('at the limits of the service', () => {
    const hub = () => clientsAt(fake.endpoint, 'eu-central-1').securityHub
    const sinkOf = () => ({ client: hub(), accountId: '111122223333', sleep: async () => undefined, random: () => 0 })
    /** A finding of exactly so many bytes; `é` is two of them. */
    const sized = (n: number, bytes: number, letter = 'a') => {
      const base = asffOf(finding(n), at, 'cn-north-1')!
      const room = bytes - Buffer.byteLength(JSON.stringify({ ...base, ProductFields: { x: '' } }))
      const count = Math.floor(room / Buffer.byteLength(letter))
      const filled = {
        ...base,
        ProductFields: { x: letter.repeat(count) + 'a'.repeat(room % Buffer.byteLength(letter)) },
      }
      expect(Buffer.byteLength(JSON.stringify(filled))).toBe(bytes)
      return filled
    }
    it.each(['a', 'é'])('sends a finding of 240,000 bytes and keeps back a larger one (%s)', async (letter) => {
      await importFindings(sinkOf(), [sized(0, 240_000, letter)])
      expect([...fake.findings.keys()]).toEqual(['pullpath/id0'])
      await expect(importFindings(sinkOf(), [sized(1, 240_001, letter), sized(2, 1_500)])).rejects.toThrow(
        'did not import 1 finding(s) (FindingTooLarge): pullpath/id1',
      )
      expect([...fake.findings.keys()]).toEqual(['pullpath/id0', 'pullpath/id2'])
    })
    it('splits before 6 MB are reached', async () => {
      await importFindings(
        sinkOf(),
        Array.from({ length: 60 }, (_, n) => sized(n, 239_000, 'é')),
      )
      expect(fake.calls.map((one) => one.body.Findings.length)).toEqual([25, 25, 10])
      for (const call of fake.calls) expect(Buffer.byteLength(JSON.stringify(call.body))).toBeLessThan(6_000_000)
      expect(fake.findings.size).toBe(60)
    })
    it.each([
      [1, [1]],
      [100, [100]],
      [101, [100, 1]],
    ])('sends %i findings in calls of %j', async (count, calls) => {
      await send(Array.from({ length: count }, (_, n) => finding(n)))
      expect(fake.calls.map((one) => one.body.Findings.length)).toEqual(calls)
    })
    it('calls nothing without findings', async () => {
      expect(await send([])).toEqual({ delivered: true })
      expect(fake.calls).toEqual([])
    })
  })
  it('reports a hub that is not enabled', async () => {
    fake.state.hubEnabled = false
    expect(await send([finding()])).toEqual({
      delivered: false,
      reason: 'Security Hub is not enabled in this account and region',
    })
  })
})
