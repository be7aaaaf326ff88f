import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { permissions } from '../../../shared/sources/ecr-replication/permissions.ts'
import { readReplication } from '../../../shared/sources/ecr-replication/read-replication.ts'
import { registryService } from '../../support/fake-aws/ecr-images.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { faults, readerOf } from '../ecr/reading.ts'
import { inventoryOfReading } from '../ecr-images/inventory-of-reading.ts'
import { actionsCalled } from '../readers.ts'

const type = 'AWS::ECR::ReplicationConfiguration'
const scope = { accountId: '111122223333', region: 'eu-central-1' }

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const withRules = (...rules: readonly unknown[]) => {
  fake.state.services.set('ecr:DescribeRegistry', registryService(scope.accountId, rules))
}
const toIreland = { region: 'eu-west-1', registryId: scope.accountId }
const reasonOf = (error: string) => `ecr:DescribeRegistry failed with ${error}`

describe('the replication of a registry', () => {
  it('is an item with the properties of CloudFormation', async () => {
    withRules(
      { destinations: [toIreland], repositoryFilters: [{ filter: 'team/', filterType: 'PREFIX_MATCH' }] },
      { destinations: [{ region: 'eu-west-1', registryId: '444455556666' }] },
    )
    const { items, coverage, gaps } = await readReplication(readerOf(fake))
    expect(gaps).toEqual([])
    expect(coverage).toEqual([{ ...scope, resourceType: type, status: 'known' }])
    expect(items).toEqual([
      {
        version: '1.3',
        accountId: scope.accountId,
        awsRegion: scope.region,
        configurationItemCaptureTime: '2026-03-01T12:00:00.000Z',
        configurationItemStatus: 'OK',
        arn: 'arn:aws:ecr:eu-central-1:111122223333:replication-configuration/111122223333',
        resourceType: type,
        resourceId: scope.accountId,
        resourceName: scope.accountId,
        tags: {},
        relationships: [],
        configuration: {
          RegistryId: scope.accountId,
          ReplicationConfiguration: {
            Rules: [
              {
                Destinations: [{ Region: 'eu-west-1', RegistryId: scope.accountId }],
                RepositoryFilters: [{ Filter: 'team/', FilterType: 'PREFIX_MATCH' }],
              },
              { Destinations: [{ Region: 'eu-west-1', RegistryId: '444455556666' }] },
            ],
          },
        },
        supplementaryConfiguration: {},
      },
    ])
  })

  it('is absent when there are no rules', async () => {
    withRules()
    const reading = await readReplication(readerOf(fake))
    expect(reading).toEqual({ items: [], coverage: [{ ...scope, resourceType: type, status: 'known' }], gaps: [] })
    expect(inventoryOfReading(reading).listing(type, scope).state).toBe('absent')
  })

  it.each(faults)('is unknown when the answer %s', async (_name, fault, error, transience) => {
    withRules({ destinations: [toIreland] })
    fake.state.plan = () => fault
    const reading = await readReplication(readerOf(fake, 'hang' in fault ? 100 : 5_000))
    expect(reading).toEqual({
      items: [],
      coverage: [{ ...scope, resourceType: type, status: 'unknown', reason: reasonOf(error) }],
      gaps: [{ resourceType: type, reason: reasonOf(error), transience }],
    })
    expect(inventoryOfReading(reading).listing(type, scope)).toEqual({
      state: 'unknown',
      reason: reasonOf(error),
      transience: 'lasting',
    })
  })

  it.each([
    ['a rule without destinations', { registryId: scope.accountId, replicationConfiguration: { rules: [{}] } }],
    ['a destination without a region', { replicationConfiguration: { rules: [{ destinations: [{}] }] } }],
    [
      'a filter without its text',
      { replicationConfiguration: { rules: [{ destinations: [toIreland], repositoryFilters: [{}] }] } },
    ],
    ['another registry', { registryId: '444455556666', replicationConfiguration: { rules: [] } }],
  ])('is unknown when the answer holds %s', async (_name, answer) => {
    fake.state.plan = () => ({ answer })
    const { items, gaps } = await readReplication(readerOf(fake))
    expect(items).toEqual([])
    expect(gaps).toEqual([{ resourceType: type, reason: reasonOf('MalformedAnswer'), transience: 'passing' }])
  })
})

it('every call has a permission and every permission a call', async () => {
  withRules()
  await readReplication(readerOf(fake))
  expect(actionsCalled(fake)).toEqual(permissions.map(({ action }) => action))
})
