import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Compliance } from '../../shared/model/finding.ts'
import {
  accountIds,
  cleanRepository,
  estateOf,
  plainRepository,
  publicRepository,
  readerRole,
  repositoryArn,
} from '../support/fake-estate/estate.ts'
import { type FakeEstate, startFakeEstate } from '../support/fake-estate/fake-estate.ts'
import type { FaultAnswer, PlannedFault } from '../support/fake-estate/faults.ts'
import { type Audited, audited, rowsOf, type ScopeReading, unaccounted, unfounded } from './audited.ts'
import { readBarely } from './bare-reading.ts'

const region = 'eu-central-1'
const [account = ''] = accountIds(1)
let estate: FakeEstate
let truth: readonly ScopeReading[]
let verdicts: Audited
beforeAll(async () => {
  estate = await startFakeEstate(estateOf({ accounts: 1, regions: [region] }))
  truth = await readBarely(estate)
  verdicts = audited(truth)
})
afterAll(() => estate.close())
beforeEach(() => estate.restart())

const always = (operation: string, fault: FaultAnswer, about?: string): PlannedFault => ({
  account: '*',
  region: '*',
  operation,
  nth: 'every',
  fault,
  ...(about === undefined ? {} : { about }),
})
const under = async (...plan: readonly PlannedFault[]) => {
  estate.plan = plan
  const reading = await readBarely(estate)
  return { reading, after: audited(reading) }
}
const resultOf = ({ findings }: Audited, rule: string, arn: string): Compliance | undefined =>
  findings.find((one) => one.rule === rule && one.resource.arn === arn)?.compliance
const open = repositoryArn(account, region, publicRepository)

describe('B10 a listing without what must be in it', () => {
  it('B10 without our own role the roles are not listed', async () => {
    const without = (truth: { RoleDetailList: { RoleName: string }[] }) => ({
      ...truth,
      RoleDetailList: truth.RoleDetailList.filter(({ RoleName }) => RoleName !== readerRole.roleName),
    })
    const { reading, after } = await under(always('iam:GetAccountAuthorizationDetails', { instead: without }))
    const reason =
      'iam:GetAccountAuthorizationDetails left out the role it was called with: the listing is not complete'
    expect(rowsOf(reading).filter((row) => row.status === 'unknown' && row.region === 'global')).toEqual(
      ['AWS::IAM::Role', 'AWS::IAM::Policy'].map((resourceType) => ({
        accountId: account,
        region: 'global',
        resourceType,
        status: 'unknown',
        reason,
      })),
    )
    expect(unaccounted(truth, reading)).toEqual([])
    expect(unfounded(verdicts, after)).toEqual([])
  })
})

describe('B11 a resource that is deleted between the listing and the look at it', () => {
  /** The call about one resource, how its service says that it is gone, and what is gone then. */
  const looks = [
    ['ecr:GetRepositoryPolicy', 'RepositoryNotFoundException', 'AWS::ECR::Repository', cleanRepository],
    ['ecr:GetLifecyclePolicy', 'RepositoryNotFoundException', 'AWS::ECR::Repository', cleanRepository],
    ['ecs:ListServices', 'ClusterNotFoundException', 'AWS::ECS::Service', ''],
    ['ecs:DescribeServices', 'ClusterNotFoundException', 'AWS::ECS::Service', ''],
    ['eks:DescribeCluster', 'ResourceNotFoundException', 'AWS::EKS::Cluster', ''],
    ['eks:ListNodegroups', 'ResourceNotFoundException', 'AWS::EKS::Nodegroup', ''],
    ['eks:DescribeNodegroup', 'ResourceNotFoundException', 'AWS::EKS::Nodegroup', ''],
    ['eks:ListFargateProfiles', 'ResourceNotFoundException', 'AWS::EKS::FargateProfile', ''],
    ['eks:DescribeFargateProfile', 'ResourceNotFoundException', 'AWS::EKS::FargateProfile', ''],
  ] as const
  const ofType = (scopes: readonly ScopeReading[], type: string, about = '') =>
    scopes
      .flatMap(({ reading }) => reading.items)
      .filter((item) => item.resourceType === type && JSON.stringify(item).includes(about))
  it.each(looks)('B11 %s says %s: it is gone, and the listing stands', async (operation, error, type, about) => {
    const { reading } = await under(always(operation, { error, status: 404 }, about))
    expect(ofType(truth, type, about)).toHaveLength(1)
    expect(ofType(reading, type, about)).toEqual([])
    expect(rowsOf(reading).filter((row) => row.resourceType === type)).toEqual([
      { accountId: account, region, resourceType: type, status: 'known' },
    ])
  })
  it.each(looks)('B11 %s fails in another way: it is not gone', async (operation, _error, type) => {
    for (const error of ['ResourceInUseException', 'ServerException', 'AccessDeniedException', 'NotFound']) {
      const { reading, after } = await under(always(operation, { error, status: 400 }))
      expect(unaccounted(truth, reading)).toEqual([])
      expect(unfounded(verdicts, after)).toEqual([])
      const open = rowsOf(reading).filter((row) => row.resourceType === type && row.status === 'unknown')
      expect(open.some(({ reason }) => reason?.includes(`${operation} failed with ${error}`))).toBe(true)
    }
  })
})

describe('B12 three answers to one question', () => {
  const rule = 'ecr-repository-not-public'
  const asked = (fault: FaultAnswer) => under(always('ecr:GetRepositoryPolicy', fault, publicRepository))
  const rowsAbout = (reading: readonly ScopeReading[]) =>
    rowsOf(reading).filter(({ resourceArn, status }) => status === 'unknown' && resourceArn === open)
  it('B12 the repository is open while its policy can be read', () => {
    expect(resultOf(verdicts, rule, open)).toBe('NON_COMPLIANT')
  })
  it('B12 RepositoryPolicyNotFoundException: there is no policy, and that is evidence', async () => {
    const { reading, after } = await asked({ error: 'RepositoryPolicyNotFoundException' })
    expect(resultOf(after, rule, open)).toBe('COMPLIANT')
    expect(rowsAbout(reading)).toEqual([])
  })
  it('B12 RepositoryNotFoundException: there is no repository, and nothing is said of it', async () => {
    const { reading, after } = await asked({ error: 'RepositoryNotFoundException' })
    expect(after.findings.filter(({ resource }) => resource.arn === open)).toEqual([])
    expect(rowsAbout(reading)).toEqual([])
    expect(resultOf(after, rule, repositoryArn(account, region, plainRepository))).toBe('COMPLIANT')
  })
  it('B12 AccessDeniedException: nobody knows, and the ledger says of which repository', async () => {
    const { reading, after } = await asked('denied')
    expect(resultOf(after, rule, open)).toBe('UNDETERMINED')
    expect(rowsAbout(reading)).toEqual([
      {
        accountId: account,
        region,
        resourceType: 'AWS::ECR::Repository',
        resourceArn: open,
        status: 'unknown',
        reason: 'ecr:GetRepositoryPolicy failed with AccessDeniedException',
      },
    ])
  })
})
