import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { imagesService } from '../../support/fake-aws/ecr-images.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { serviceArn as arnOfService, holding } from '../config-rule/image-scenario.ts'
import { account, definitionArn, taskDefinition } from '../config-rule/role-scenario.ts'
import { service, startPullingAccount, timesCalled } from '../config-rule/vpc-scenario.ts'
import { callEvent, region, scanEvent, told, watcher } from './scenario.ts'

const critical = 'image-free-of-critical-findings'
const exists = 'image-repository-exists'
const serviceArn = arnOfService('web')

let fake: FakeAws
beforeEach(async () => {
  fake = await startPullingAccount()
  fake.state.services.set('ecr:DescribeImages', holding(2))
  const other = `${account}.dkr.ecr.${region}.amazonaws.com/other:1`
  const containerDefinitions = [{ name: 'main', image: other, essential: true }]
  fake.state.ecs.taskDefinitions.push(taskDefinition('idle:1', { containerDefinitions }))
  fake.state.ecs.services.push({ ...service('idle', ['subnet-1']), taskDefinition: definitionArn('idle:1') })
})
afterEach(() => fake.close())

describe('the end of a scan', () => {
  it('judges the services that run images of the repository, by what the registry says', async () => {
    const watched = watcher(fake, [critical, exists, 'ecr-repository-scanned'])
    await watched.handle(scanEvent('app'))
    expect(told(watched)).toEqual([[critical, 'web', 'NON_COMPLIANT']])
  })

  it('of an enhanced scan names the repository by its ARN', async () => {
    fake.state.services.set('ecr:DescribeImages', holding(0))
    const watched = watcher(fake, [critical])
    const detail = {
      'scan-status': 'INITIAL_SCAN_COMPLETE',
      'repository-name': `arn:aws:ecr:${region}:${account}:repository/app`,
    }
    await watched.handle({ ...scanEvent('app'), source: 'aws.inspector2', 'detail-type': 'Inspector2 Scan', detail })
    expect(told(watched)).toEqual([[critical, 'web', 'COMPLIANT']])
  })

  it.each([
    ['another account', `arn:aws:ecr:${region}:999999999999:repository/app`],
    ['another region', `arn:aws:ecr:us-east-1:${account}:repository/app`],
  ])('of a repository of %s is ignored', async (_, arn) => {
    const watched = watcher(fake, [critical])
    const detail = { 'scan-status': 'INITIAL_SCAN_COMPLETE', 'repository-name': arn }
    await watched.handle({ ...scanEvent('app'), source: 'aws.inspector2', 'detail-type': 'Inspector2 Scan', detail })
    expect([...watched.published, ...fake.calls]).toEqual([])
  })

  it('judges nobody when no service runs an image of it', async () => {
    const watched = watcher(fake, [critical])
    await watched.handle(scanEvent('unused'))
    expect(watched.published).toEqual([])
  })

  it('reads services once for a burst of scans', async () => {
    const watched = watcher(fake, [critical])
    for (let n = 0; n < 3; n++) await watched.handle(scanEvent('app'))
    expect(timesCalled(fake, 'ListClusters')).toBe(1)
    expect(told(watched)).toHaveLength(3)
  })

  it('fails while services cannot be listed', async () => {
    fake.state.plan = (operation) => (operation === 'ListClusters' ? { error: 'ThrottlingException' } : undefined)
    const watched = watcher(fake, [critical])
    await expect(watched.handle(scanEvent('app'))).rejects.toThrow(/services could not be read yet/)
    expect(watched.published).toEqual([])
  })

  it('fails while images cannot be listed', async () => {
    fake.state.plan = (operation) => (operation === 'DescribeImages' ? { error: 'ThrottlingException' } : undefined)
    const watched = watcher(fake, [critical])
    await expect(watched.handle(scanEvent('app'))).rejects.toThrow(/could not be reached yet/)
    expect(watched.published).toEqual([])
  })

  it('warns where images may not be listed', async () => {
    fake.state.plan = (operation) => (operation === 'DescribeImages' ? { error: 'AccessDeniedException' } : undefined)
    const watched = watcher(fake, [critical])
    await watched.handle(scanEvent('app'))
    expect(told(watched)).toEqual([[critical, 'web', 'UNDETERMINED']])
  })
})

describe('a call on images or services', () => {
  it('judges the services whose image was deleted', async () => {
    fake.state.services.set(
      'ecr:DescribeImages',
      imagesService({
        repositories: new Map([
          ['app', []],
          ['other', []],
        ]),
      }),
    )
    const watched = watcher(fake, [exists, critical])
    await watched.handle(callEvent('ecr', 'BatchDeleteImage', { repositoryName: 'app' }))
    expect(told(watched)).toEqual([[exists, 'web', 'NON_COMPLIANT']])
  })

  it('judges the services whose repository was deleted', async () => {
    fake.state.repositories.delete('app')
    const watched = watcher(fake, [exists])
    await watched.handle(callEvent('ecr', 'DeleteRepository', { repositoryName: 'app' }))
    expect(told(watched)).toEqual([[exists, 'web', 'NON_COMPLIANT']])
  })

  it('judges the service that was changed', async () => {
    const watched = watcher(fake, [critical])
    await watched.handle(
      callEvent('ecs', 'UpdateService', { service: 'web' }, { response: { service: { serviceArn } } }),
    )
    expect(told(watched)).toEqual([[critical, 'web', 'NON_COMPLIANT']])
  })

  it('judges a service by what is looked up in the registries of other accounts', async () => {
    const image = `444455556666.dkr.ecr.${region}.amazonaws.com/base:1`
    const containerDefinitions = [{ name: 'main', image, essential: true }]
    fake.state.ecs.taskDefinitions.push(taskDefinition('foreign:1', { containerDefinitions }))
    fake.state.ecs.services.push({ ...service('foreign', ['subnet-1']), taskDefinition: definitionArn('foreign:1') })
    const reason = 'the aggregator says so'
    const coverage = { accountId: '444455556666', region, resourceType: 'AWS::ECR::Repository' }
    const row = { ...coverage, status: 'unknown', reason } as const
    const gap = { resourceType: 'AWS::ECR::Repository', reason, transience: 'lasting' } as const
    const alongside = vi.fn(async () => ({ items: [], coverage: [row], gaps: [gap] }))
    const watched = watcher(fake, [exists], { foreign: { alongside } })
    const response = { service: { serviceArn: serviceArn.replace('/web', '/foreign') } }
    await watched.handle(callEvent('ecs', 'UpdateService', { service: 'foreign' }, { response }))
    expect(told(watched)).toEqual([[exists, 'foreign', 'UNDETERMINED']])
    expect(watched.published.flat()[0]?.reason).toContain(reason)
    expect(alongside).toHaveBeenCalledTimes(1)
  })

  it('archives a service that is gone', async () => {
    const watched = watcher(fake, [critical])
    const response = { service: { serviceArn: serviceArn.replace('/web', '/old') } }
    await watched.handle(callEvent('ecs', 'DeleteService', { service: 'old' }, { response }))
    expect(told(watched)).toEqual([[critical, 'old', 'NOT_APPLICABLE']])
  })

  it('archives nothing while services may not be listed', async () => {
    fake.state.plan = (operation) => (operation === 'ListClusters' ? { error: 'AccessDeniedException' } : undefined)
    const watched = watcher(fake, [critical])
    const response = { service: { serviceArn } }
    await watched.handle(callEvent('ecs', 'DeleteService', { service: 'web' }, { response }))
    expect(told(watched)).toEqual([[critical, 'web', 'UNDETERMINED']])
  })

  it('refuses a service of another region', async () => {
    const watched = watcher(fake, [critical])
    const response = { service: { serviceArn: serviceArn.replace(region, 'us-east-1') } }
    await expect(watched.handle(callEvent('ecs', 'UpdateService', {}, { response }))).rejects.toThrow(
      /expected a service of the account and region/,
    )
    expect(watched.published).toEqual([])
  })
})
