import { expect, it } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import type { ResourceRef } from '../../../shared/model/resource.ts'
import { asffOf } from '../../../shared/sinks/security-hub/asff.ts'

const place = { accountId: '111122223333', region: 'eu-central-1' }
const readAt = '2026-03-01T12:00:00.000Z'
const finding = (over: Partial<Finding> = {}): Finding => ({
  ...{ id: '0123', rule: 'ecr-sample', severity: 'HIGH', compliance: 'NON_COMPLIANT' },
  resource: {
    ...place,
    type: 'AWS::ECR::Repository',
    id: 'app',
    arn: 'arn:aws:ecr:eu-central-1:111122223333:repository/app',
  },
  ...{ title: 'a title', reason: 'a reason', remediation: { text: 'a fix' } },
  evidence: [
    { source: 'policy', detail: 'first' },
    { source: 'route', detail: 'second' },
  ],
  assumptions: ['one', 'two'],
  ...over,
})
const resourceOf = (resource: Partial<ResourceRef>) =>
  asffOf(finding({ resource: { ...place, type: '', id: '', arn: '', ...resource } }), readAt, 'eu-central-1')
    ?.Resources?.[0]

it('says everything about a failure, word for word', () => {
  expect(asffOf(finding(), readAt, 'eu-central-1')).toEqual({
    SchemaVersion: '2018-10-08',
    Id: 'pullpath/0123',
    ProductArn: 'arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default',
    ...{ ProductName: 'Pullpath', CompanyName: 'Pullpath', GeneratorId: 'pullpath/ecr-sample' },
    ...{ AwsAccountId: '111122223333', Region: 'eu-central-1', CreatedAt: readAt, UpdatedAt: readAt },
    ...{ Title: 'a title', Description: 'a reason', Remediation: { Recommendation: { Text: 'a fix' } } },
    ProductFields: {
      'pullpath/rule': 'ecr-sample',
      'pullpath/ahead-of-config': 'no',
      'pullpath/evidence/1': 'policy: first',
      'pullpath/evidence/2': 'route: second',
      'pullpath/assumption/1': 'one',
      'pullpath/assumption/2': 'two',
    },
    Resources: [
      {
        Type: 'AwsEcrRepository',
        Details: {
          AwsEcrRepository: { Arn: 'arn:aws:ecr:eu-central-1:111122223333:repository/app', RepositoryName: 'app' },
        },
        Id: 'arn:aws:ecr:eu-central-1:111122223333:repository/app',
        ...{ Region: 'eu-central-1', Partition: 'aws' },
      },
    ],
    Compliance: {
      Status: 'FAILED',
      StatusReasons: [{ ReasonCode: 'PULLPATH_NON_COMPLIANT', Description: 'a reason' }],
    },
    FindingProviderFields: {
      Severity: { Label: 'HIGH', Original: 'HIGH' },
      Types: ['Software and Configuration Checks/AWS Security Best Practices'],
    },
    RecordState: 'ACTIVE',
  })
})

it('says of a finding whether AWS Config knows of it', () => {
  const mark = (isAhead?: boolean) =>
    asffOf(finding(), readAt, 'eu-central-1', isAhead)?.ProductFields?.['pullpath/ahead-of-config']
  expect([mark(), mark(false), mark(true)]).toEqual(['no', 'no', 'yes'])
})

it('links the documentation where there is a page', () => {
  const url = 'https://docs.aws.amazon.com/x'
  expect(asffOf(finding({ remediation: { text: 'a fix', url } }), readAt, 'eu-central-1')?.Remediation).toEqual({
    Recommendation: { Text: 'a fix', Url: url },
  })
})

it('tells an accepted failure by its exception, as passed', () => {
  const exception = { reason: 'planned', owner: 'team-a', expires: '2026-06-30' }
  const asff = asffOf(finding({ exception }), readAt, 'eu-central-1')
  expect(asff?.Compliance?.Status).toBe('PASSED')
  expect(asff?.Compliance?.StatusReasons?.[0]?.ReasonCode).toBe('PULLPATH_EXCEPTION')
  expect(asff?.ProductFields).toMatchObject({
    'pullpath/exception/owner': 'team-a',
    'pullpath/exception/expires': '2026-06-30',
    'pullpath/exception/reason': 'planned',
  })
})

it('says nothing of what is undetermined for a passing reason, and warns of what stays so', () => {
  const undetermined = finding({ compliance: 'UNDETERMINED', transience: 'lasting' })
  expect(asffOf(undetermined, readAt, 'eu-central-1')?.Compliance?.Status).toBe('WARNING')
  expect(asffOf({ ...undetermined, transience: 'passing' }, readAt, 'eu-central-1')).toBeUndefined()
  expect(asffOf(finding({ transience: 'passing' }), readAt, 'eu-central-1')?.Compliance?.Status).toBe('FAILED')
})

it('gives each type its own form', () => {
  const arn = 'arn:aws:ecs:eu-central-1:111122223333:service/prod/web'
  expect(resourceOf({ type: 'AWS::ECS::Service', id: arn, arn })).toMatchObject({
    Type: 'AwsEcsService',
    Details: { AwsEcsService: { ServiceArn: arn, ServiceName: 'web' } },
  })
  const nodes = 'arn:aws:eks:eu-central-1:111122223333:nodegroup/prod/blue/1'
  expect(resourceOf({ type: 'AWS::EKS::Nodegroup', id: 'prod/blue', arn: nodes })).toMatchObject({
    Type: 'Other',
    Details: { Other: { resourceType: 'AWS::EKS::Nodegroup', resourceId: 'prod/blue' } },
  })
  const role = 'arn:aws:iam::111122223333:role/a'
  expect(resourceOf({ type: 'AWS::IAM::Role', id: 'AROA1', arn: role, region: 'global' })?.Region).toBe('eu-central-1')
})

it('cuts texts to their limits and keeps those that fit', () => {
  const title = (text: string) => asffOf(finding({ title: text }), readAt, 'eu-central-1')?.Title
  expect(title('a'.repeat(256))).toBe('a'.repeat(256))
  expect(title('a'.repeat(257))).toBe(`${'a'.repeat(255)}…`)
  expect(title(' a\u0000\u0007\nb ')).toBe('a b')
  expect(title('\n')).toBe('-')
  expect(title(`${'a'.repeat(254)}\u{1F600}b`)).toBe(`${'a'.repeat(254)}…`)
})
