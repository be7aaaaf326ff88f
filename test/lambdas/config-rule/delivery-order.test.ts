import { afterEach, beforeEach, expect, it } from 'vitest'
import { rules } from '../../../shared/rules/index.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { changeEvent, closedPolicy, fixtureEvent, invoke, openPolicy } from './scenario.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
})
afterEach(() => fake.close())

const at = (time: string, policy: string) =>
  changeEvent({
    item: {
      configurationItemCaptureTime: time,
      configuration: { RepositoryName: 'team/app', RepositoryPolicyText: policy },
    },
  })
const opened = at('2026-03-01T10:00:00.000Z', openPolicy)
const closed = at('2026-03-01T10:05:00.000Z', closedPolicy)
const reopened = at('2026-03-01T10:10:00.000Z', openPolicy)
const shown = () => [...fake.compliance].map(([resource, one]) => [resource, one.ComplianceType])
const found = () => [...fake.findings.values()].map((one) => [one.Compliance.Status, one.RecordState])

it.each([
  ['in order', [opened, closed]],
  ['twice each', [opened, opened, closed, closed]],
  ['the newest first', [closed, opened]],
  ['the old one again after the new one', [opened, closed, opened]],
])('a closed repository ends up passed when its events arrive %s', async (_name, events) => {
  fake.state.repositories.set('team/app', closedPolicy)
  for (const event of events) await invoke(fake, event)
  expect(shown()).toEqual([['AWS::ECR::Repository team/app', 'COMPLIANT']])
  expect(found()).toEqual([['PASSED', 'ACTIVE']])
})

it.each([
  ['in order', [opened, closed, reopened]],
  ['the newest first', [reopened, closed, opened]],
  ['the clearing one last', [reopened, opened, closed]],
])('an open repository ends up failed when its events arrive %s', async (_name, events) => {
  fake.state.repositories.set('team/app', openPolicy)
  for (const event of events) await invoke(fake, event)
  expect(shown()).toEqual([['AWS::ECR::Repository team/app', 'NON_COMPLIANT']])
  expect(found()).toEqual([['FAILED', 'ACTIVE']])
})

it('a failed delivery that is tried again leaves one finding', async () => {
  fake.state.repositories.set('team/app', openPolicy)
  fake.state.plan = (operation, n) =>
    operation === 'BatchImportFindings' && n === 1 ? { error: 'InternalException', status: 500 } : undefined
  await expect(invoke(fake, opened)).rejects.toThrow('InternalException')
  await invoke(fake, opened)
  expect(shown()).toEqual([['AWS::ECR::Repository team/app', 'NON_COMPLIANT']])
  expect(found()).toEqual([['FAILED', 'ACTIVE']])
})

it('an open registry policy is found through its own change event', async () => {
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*', Resource: '*' }]
  fake.state.registryPolicy = JSON.stringify({ Version: '2012-10-17', Statement })
  await invoke(fake, fixtureEvent('change-registry-policy'), { rules })
  expect(shown()).toEqual([['AWS::ECR::RegistryPolicy 111122223333', 'NON_COMPLIANT']])
})

it.each([
  ['change-registry-policy', 'AWS::ECR::RegistryPolicy 111122223333'],
  ['change-pull-through-cache-rule', 'AWS::ECR::PullThroughCacheRule docker-hub'],
])('%s about a resource that is gone archives its finding', async (name, resource) => {
  await invoke(fake, fixtureEvent(name), { rules })
  expect(shown()).toEqual([[resource, 'NOT_APPLICABLE']])
  expect(found()).toEqual([['PASSED', 'ARCHIVED']])
})

it('a cache rule is judged through its own change event', async () => {
  fake.state.cacheRules = [
    { ecrRepositoryPrefix: 'docker-hub', upstreamRegistryUrl: 'registry-1.docker.io', upstreamRegistry: 'docker-hub' },
  ]
  await invoke(fake, fixtureEvent('change-pull-through-cache-rule'), { rules })
  expect(shown()).toEqual([['AWS::ECR::PullThroughCacheRule docker-hub', 'NON_COMPLIANT']])
  expect([...fake.findings.values()].map((one) => one.Resources[0].Id)).toEqual([
    'arn:aws:ecr:eu-central-1:111122223333:pull-through-cache-rule/docker-hub',
  ])
})
