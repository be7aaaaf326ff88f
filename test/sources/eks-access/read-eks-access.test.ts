import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownString } from '../../../shared/model/json.ts'
import { permissions } from '../../../shared/sources/eks-access/permissions.ts'
import { readEksAccess } from '../../../shared/sources/eks-access/read-eks-access.ts'
import type { Reading } from '../../../shared/sources/reading.ts'
import type { FakeEksAccess } from '../../support/fake-aws/eks-access.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults } from '../ecr/reading.ts'
import { actionsCalled } from '../readers.ts'
import {
  addon,
  addonType,
  admin,
  association,
  associationType,
  base,
  eksReader,
  entry,
  entryType,
  fillEksAccess,
  node,
  policy,
  pulls,
} from './account.ts'

let fake: FakeAws
let access: FakeEksAccess
beforeEach(async () => {
  fake = await startFakeAws()
  access = fillEksAccess(fake)
})
afterEach(() => fake.close())

const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (called) => (called === operation ? fault : undefined)
}
const read = (fault?: Fault) => readEksAccess(eksReader(fake, fault && 'hang' in fault ? 100 : undefined))
const idsOf = ({ items }: Reading, type: string) =>
  items.flatMap((item) => (item.resourceType === type ? [ownString(item, 'resourceId')] : [])).sort()
const itemOf = ({ items }: Reading, id: string) => items.find((item) => item.resourceId === id)
const row = (resourceType: string, reason?: string) => ({
  ...{ accountId: '111122223333', region: 'eu-central-1', resourceType },
  ...(reason === undefined ? { status: 'known' } : { status: 'unknown', reason }),
})
const denied = (action: string) => `${action} failed with AccessDeniedException`

describe('reading access to clusters', () => {
  it('gives a pod identity association with its role', async () => {
    const arn = `${base}:podidentityassociation/prod/a-1`
    expect(itemOf(await read(), arn)).toEqual({
      version: '1.3',
      accountId: '111122223333',
      configurationItemCaptureTime: '2026-03-01T12:00:00.000Z',
      configurationItemStatus: 'OK',
      arn,
      resourceType: associationType,
      resourceId: arn,
      resourceName: 'a-1',
      awsRegion: 'eu-central-1',
      tags: {},
      relationships: [],
      configuration: {
        AssociationArn: arn,
        ClusterName: 'prod',
        Namespace: 'shop',
        ServiceAccount: 'app',
        RoleArn: pulls,
      },
      supplementaryConfiguration: {},
    })
  })
  it('gives an access entry with its groups and policies', async () => {
    expect(itemOf(await read(), `${admin}|prod`)).toMatchObject({
      arn: `${base}:access-entry/prod/role/111122223333/admin/1`,
      resourceType: entryType,
      resourceName: admin,
      configuration: {
        AccessEntryArn: `${base}:access-entry/prod/role/111122223333/admin/1`,
        ClusterName: 'prod',
        PrincipalArn: admin,
        Type: 'STANDARD',
        Username: 'user:admin',
        KubernetesGroups: ['admins'],
        AccessPolicies: [
          {
            PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy',
            AccessScope: { Type: 'namespace', Namespaces: ['a', 'b'] },
          },
        ],
      },
    })
  })
  it('gives an access entry without policies an empty list', async () => {
    expect(itemOf(await read(), `${node}|prod`)).toMatchObject({
      configuration: { Type: 'EC2_LINUX', KubernetesGroups: [], AccessPolicies: [] },
    })
  })
  it('gives an add-on with and without a role', async () => {
    const reading = await read()
    expect(itemOf(reading, 'prod|vpc-cni')).toMatchObject({
      arn: `${base}:addon/prod/vpc-cni/1`,
      resourceType: addonType,
      resourceName: 'vpc-cni',
    })
    expect(itemOf(reading, 'prod|vpc-cni')?.configuration).toEqual({
      ClusterName: 'prod',
      AddonName: 'vpc-cni',
      AddonVersion: 'v1.2.3-eksbuild.1',
      Arn: `${base}:addon/prod/vpc-cni/1`,
      ServiceAccountRoleArn: pulls,
      Status: 'ACTIVE',
    })
    expect(itemOf(reading, 'old|coredns')?.configuration).not.toHaveProperty('ServiceAccountRoleArn')
  })
  it('covers the three types, without a gap, and lists the clusters once', async () => {
    const { coverage, gaps } = await read()
    expect(coverage).toEqual([row(associationType), row(entryType), row(addonType)])
    expect(gaps).toEqual([])
    expect(fake.calls.filter(({ operation }) => operation === 'ListClusters').length).toBe(1)
  })
  it('reads only the types that are wanted', async () => {
    const reading = await readEksAccess(eksReader(fake), new Set([addonType, 'AWS::EKS::Cluster']))
    expect(reading.coverage).toEqual([row(addonType)])
    expect(actionsCalled(fake)).toEqual(['eks:DescribeAddon', 'eks:ListAddons', 'eks:ListClusters'])
  })
  it('makes no call when no type is wanted', async () => {
    expect(await readEksAccess(eksReader(fake), new Set())).toEqual({ items: [], coverage: [], gaps: [] })
    expect(fake.calls).toEqual([])
  })
  it('reads every page of everything', async () => {
    access.pageSize = 2
    const many = Array.from({ length: 5 }, (_, n) => n)
    access.associations.push(...many.map((n) => association('bare', `a-b${n}`)))
    access.entries.push(...many.map((n) => entry('bare', `arn:aws:iam::111122223333:role/r${n}`, 'STANDARD', [])))
    access.policies.set(`prod ${node}`, [...many.map((n) => policy(`P${n}`, []))])
    access.addons.push(...many.map((n) => addon('bare', `addon-${n}`)))
    const reading = await read()
    expect(idsOf(reading, associationType).length).toBe(6)
    expect(idsOf(reading, entryType).length).toBe(7)
    expect(idsOf(reading, addonType).length).toBe(7)
    expect(itemOf(reading, `${node}|prod`)).toMatchObject({
      configuration: {
        AccessPolicies: many.map((n) => ({
          PolicyArn: `arn:aws:eks::aws:cluster-access-policy/P${n}`,
          AccessScope: { Type: 'cluster', Namespaces: [] },
        })),
      },
    })
  })
  it('does not take a listing whose token repeats for complete', async () => {
    failing('ListAddons', { answer: { addons: [], nextToken: 'again' } })
    expect((await read()).coverage[2]).toEqual(row(addonType, 'eks:ListAddons failed with MalformedAnswer'))
  })
  it('goes on after an empty page with a token', async () => {
    fake.state.plan = (operation, n) =>
      operation === 'ListPodIdentityAssociations' && n === 1
        ? { answer: { associations: [], nextToken: '0' } }
        : undefined
    const reading = await read()
    expect(idsOf(reading, associationType)).toEqual([`${base}:podidentityassociation/prod/a-1`])
  })
  it('states every call it makes, and no other', async () => {
    await read()
    expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action).sort())
  })
})

describe('a cluster that lists no access entries', () => {
  const refusal: Fault = { error: 'InvalidRequestException' }
  const bareMode = (authenticationMode: string | undefined) => {
    const bare = fake.state.eks.clusters.find(({ name }) => name === 'bare')
    bare.accessConfig = authenticationMode === undefined ? undefined : { authenticationMode }
  }
  const refusingBare = () => {
    fake.state.plan = (operation, _n, body) =>
      operation === 'ListAccessEntries' && body.clusterName === 'bare' ? refusal : undefined
  }

  it('has none when its mode is CONFIG_MAP', async () => {
    const reading = await read()
    expect(idsOf(reading, entryType)).toEqual([`${admin}|prod`, `${node}|prod`])
    expect(reading.coverage[1]).toEqual(row(entryType))
  })
  it.each(['API', 'API_AND_CONFIG_MAP', 'config_map', undefined])('is unknown when its mode is %s', async (mode) => {
    bareMode(mode)
    refusingBare()
    const { coverage, gaps } = await read()
    const reason = 'eks:ListAccessEntries failed with InvalidRequestException'
    expect(coverage[1]).toEqual(row(entryType, reason))
    expect(gaps).toEqual([{ resourceType: entryType, reason, transience: 'lasting' }])
  })
  it.each(faults)('is unknown when asking for its mode %s', async (_name, fault) => {
    failing('DescribeCluster', fault)
    const reason = 'eks:ListAccessEntries failed with InvalidRequestException'
    expect((await read(fault)).coverage[1]).toEqual(row(entryType, reason))
  })
  it('is unknown when the answer is about another cluster', async () => {
    const answer = { cluster: { name: 'other', accessConfig: { authenticationMode: 'CONFIG_MAP' } } }
    failing('DescribeCluster', { answer })
    const reason = 'eks:ListAccessEntries failed with InvalidRequestException'
    expect((await read()).coverage[1]).toEqual(row(entryType, reason))
  })
  it('is unknown when it is refused under another name, whatever its mode', async () => {
    failing('ListAccessEntries', { error: 'InvalidParameterException' })
    const reason = 'eks:ListAccessEntries failed with InvalidParameterException'
    expect((await read()).coverage[1]).toEqual(row(entryType, reason))
  })
  it('is left out when it is gone', async () => {
    failing('ListAccessEntries', { error: 'ResourceNotFoundException', status: 404 })
    const reading = await read()
    expect([idsOf(reading, entryType), reading.coverage[1]]).toEqual([[], row(entryType)])
  })
})

describe('what goes wrong', () => {
  const calls = [
    ['ListPodIdentityAssociations', associationType],
    ['DescribePodIdentityAssociation', associationType],
    ['ListAccessEntries', entryType],
    ['DescribeAccessEntry', entryType],
    ['ListAddons', addonType],
    ['DescribeAddon', addonType],
  ] as const
  it.each(calls.flatMap((call) => faults.map((fault) => [...call, ...fault] as const)))(
    'when %s fails leaves %s alone unknown: it %s',
    async (operation, type, _name, fault, error, transience) => {
      failing(operation, fault)
      const reading = await read(fault)
      const reason = `eks:${operation} failed with ${error}`
      const expected = [associationType, entryType, addonType].map((one) => row(one, one === type ? reason : undefined))
      expect(reading.coverage).toEqual(expected)
      expect(idsOf(reading, type)).toEqual([])
      expect(new Set(reading.gaps.map((gap) => JSON.stringify(gap)))).toEqual(
        new Set([JSON.stringify({ resourceType: type, reason, transience })]),
      )
    },
  )
  it.each(faults)('leaves all three unknown when ListClusters %s', async (_name, fault, error) => {
    failing('ListClusters', fault)
    const reason = `eks:ListClusters failed with ${error}`
    const reading = await read(fault)
    expect(reading.items).toEqual([])
    expect(reading.coverage).toEqual([row(associationType, reason), row(entryType, reason), row(addonType, reason)])
  })
  it.each(calls)('leaves out what %s of %s no longer finds', async (operation, type) => {
    failing(operation, { error: 'ResourceNotFoundException', status: 404 })
    const reading = await read()
    expect([idsOf(reading, type), reading.gaps]).toEqual([[], []])
    expect(reading.coverage).toContainEqual(row(type))
  })
  it('keeps what was read of other clusters', async () => {
    fake.state.plan = (operation, _n, body) =>
      operation === 'ListAddons' && body.clusterName === 'old' ? { error: 'AccessDeniedException' } : undefined
    const reading = await read()
    expect(idsOf(reading, addonType)).toEqual(['prod|vpc-cni'])
    expect(reading.coverage[2]).toEqual(row(addonType, denied('eks:ListAddons')))
  })
  it('keeps an access entry whose policies could not be read, with a gap of its own', async () => {
    fake.state.plan = (operation, _n, body) =>
      operation === 'ListAssociatedAccessPolicies' && body.principalArn === admin
        ? { error: 'AccessDeniedException', status: 403 }
        : undefined
    const reading = await read()
    const reason = denied('eks:ListAssociatedAccessPolicies')
    expect(reading.coverage[1]).toEqual(row(entryType))
    expect(itemOf(reading, `${admin}|prod`)).toMatchObject({
      configuration: { PrincipalArn: admin, AccessPolicies: `unread: ${reason}` },
    })
    expect(itemOf(reading, `${node}|prod`)).toMatchObject({ configuration: { AccessPolicies: [] } })
    const resourceArn = `${base}:access-entry/prod/role/111122223333/admin/1`
    expect(reading.gaps).toEqual([{ resourceType: entryType, resourceArn, reason, transience: 'lasting' }])
  })
  it('leaves out an access entry that is deleted before its policies are read', async () => {
    failing('ListAssociatedAccessPolicies', { error: 'ResourceNotFoundException', status: 404 })
    const reading = await read()
    expect([idsOf(reading, entryType), reading.gaps]).toEqual([[], []])
  })

  const foreign = 'arn:aws:eks:eu-central-1:999900001111:x/y/z'
  it.each([
    ['DescribePodIdentityAssociation', associationType, 'another', { association: association('prod', 'a-2') }],
    ['DescribePodIdentityAssociation', associationType, 'one elsewhere', { association: association('old', 'a-1') }],
    [
      'DescribePodIdentityAssociation',
      associationType,
      'one without a role',
      { association: { ...association('prod', 'a-1'), roleArn: undefined } },
    ],
    [
      'DescribePodIdentityAssociation',
      associationType,
      'one of another account',
      { association: { ...association('prod', 'a-1'), associationArn: foreign } },
    ],
    ['DescribeAccessEntry', entryType, 'another', { accessEntry: entry('prod', pulls, 'STANDARD', []) }],
    ['DescribeAddon', addonType, 'another', { addon: addon('prod', 'other') }],
    ['DescribeAddon', addonType, 'one without a status', { addon: { ...addon('prod', 'vpc-cni'), status: 3 } }],
  ])('leaves %s unknown when the answer about %s is %s', async (operation, type, _what, answer) => {
    failing(operation, { answer })
    const reading = await read()
    expect(idsOf(reading, type)).toEqual([])
    expect(reading.coverage).toContainEqual(row(type, `eks:${operation} failed with MalformedAnswer`))
  })
  it.each([
    ['ListPodIdentityAssociations', { associations: [null] }],
    ['ListPodIdentityAssociations', { associations: { associationId: 'a-1' } }],
    ['ListAccessEntries', { accessEntries: [7] }],
    ['ListAddons', { addons: 'vpc-cni' }],
  ])('leaves %s unknown when the answer is %j', async (operation, answer) => {
    failing(operation, { answer })
    const { coverage } = await read()
    expect(coverage.map(({ reason }) => reason)).toContain(`eks:${operation} failed with MalformedAnswer`)
  })
})
