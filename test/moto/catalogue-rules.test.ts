import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  ECRClient,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr'
import { GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rules } from '../../shared/rules/index.ts'
import type { AwsClients } from '../../shared/runtime/aws-clients.ts'
import { changeEvent, fixtureEvent, invoke } from '../lambdas/config-rule/scenario.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { type Moto, startMoto } from './moto-server.ts'

const region = 'eu-central-1'
let moto: Moto
let fake: FakeAws
let clients: AwsClients
let callerAccount: string | undefined

beforeAll(async () => {
  moto = await startMoto()
  fake = await startFakeAws()
  const base = { region, endpoint: moto.endpoint, maxAttempts: 1 }
  const root = { accessKeyId: 'test', secretAccessKey: 'test' }
  const assumed = await new STSClient({ ...base, credentials: root }).send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/auditor', RoleSessionName: 'test' }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {}
  const shared = {
    ...base,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  }
  callerAccount = (await new STSClient(shared).send(new GetCallerIdentityCommand({}))).Account
  clients = {
    ecr: new ECRClient(shared),
    securityHub: new SecurityHubClient(shared),
    config: new ConfigServiceClient({ ...shared, endpoint: fake.endpoint }),
  }
})
afterAll(async () => {
  moto?.stop()
  await fake?.close()
})
beforeEach(() => {
  fake.evaluations.length = 0
})

const about = (ruleId: string, name: string) =>
  changeEvent({
    item: { resourceId: name, resourceName: name, ARN: `arn:aws:ecr:${region}:111122223333:repository/${name}` },
    event: { ruleParameters: JSON.stringify({ ruleId }) },
  })

/** What AWS Config got from this invocation, and what Security Hub now holds about the rule and the repository. */
async function audited(ruleId: string, name: string, now: string) {
  fake.evaluations.length = 0
  await invoke(fake, about(ruleId, name), { rules, clients, now })
  const { Findings = [] } = await clients.securityHub.send(new GetFindingsCommand({}))
  const arn = `arn:aws:ecr:${region}:111122223333:repository/${name}`
  const ours = Findings.filter(
    (one) => one.GeneratorId === `pullpath/${ruleId}` && one.Resources?.some((resource) => resource.Id === arn),
  )
  return {
    config: fake.evaluations.map((one) => [one.ComplianceResourceId, one.ComplianceType]),
    hub: ours.map((one) => [one.AwsAccountId, one.Compliance?.Status, one.RecordState]),
  }
}

it('the account of the function is the account its credentials belong to', async () => {
  await clients.ecr.send(new CreateRepositoryCommand({ repositoryName: 'whoami' }))
  const { hub } = await audited('ecr-repository-tags-immutable', 'whoami', '2026-03-01T12:00:00.000Z')
  expect(callerAccount).toBe('111122223333')
  expect(hub.map(([account]) => account)).toEqual([callerAccount])
})

it('follows mutable tags until they are immutable and the repository is gone', async () => {
  const ruleId = 'ecr-repository-tags-immutable'
  const repositoryName = 'team/tags'
  await clients.ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability: 'MUTABLE' }))
  expect(await audited(ruleId, repositoryName, '2026-03-01T12:00:00.000Z')).toEqual({
    config: [[repositoryName, 'NON_COMPLIANT']],
    hub: [['111122223333', 'FAILED', 'ACTIVE']],
  })
  await clients.ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }))
  expect(await audited(ruleId, repositoryName, '2026-03-01T12:01:00.000Z')).toEqual({
    config: [[repositoryName, 'COMPLIANT']],
    hub: [['111122223333', 'PASSED', 'ACTIVE']],
  })
  await clients.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }))
  expect(await audited(ruleId, repositoryName, '2026-03-01T12:02:00.000Z')).toEqual({
    config: [[repositoryName, 'NOT_APPLICABLE']],
    hub: [['111122223333', 'PASSED', 'ARCHIVED']],
  })
})

it('follows a repository from no lifecycle policy to one that expires untagged images', async () => {
  const ruleId = 'ecr-repository-lifecycle-policy'
  const repositoryName = 'team/lifecycle'
  await clients.ecr.send(new CreateRepositoryCommand({ repositoryName }))
  expect(await audited(ruleId, repositoryName, '2026-03-01T12:00:00.000Z')).toEqual({
    config: [[repositoryName, 'NON_COMPLIANT']],
    hub: [['111122223333', 'FAILED', 'ACTIVE']],
  })
  const selection = { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 }
  const lifecyclePolicyText = JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] })
  await clients.ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }))
  expect(await audited(ruleId, repositoryName, '2026-03-01T12:01:00.000Z')).toEqual({
    config: [[repositoryName, 'COMPLIANT']],
    hub: [['111122223333', 'PASSED', 'ACTIVE']],
  })
})

it('writes nothing where the service does not answer in its own protocol', async () => {
  await expect(invoke(fake, fixtureEvent('change-pull-through-cache-rule'), { rules, clients })).rejects.toThrow(
    'ecr:DescribePullThroughCacheRules failed with',
  )
  expect(fake.evaluations).toEqual([])
})

it('judges every repository of a scheduled event', async () => {
  await clients.ecr.send(new CreateRepositoryCommand({ repositoryName: 'swept', imageTagMutability: 'MUTABLE' }))
  const ruleParameters = '{"ruleId":"ecr-repository-tags-immutable"}'
  await invoke(fake, { ...fixtureEvent('scheduled'), ruleParameters }, { rules, clients })
  const verdicts = new Map(fake.evaluations.map((one) => [one.ComplianceResourceId, one.ComplianceType]))
  expect([verdicts.get('swept'), verdicts.get('111122223333')]).toEqual(['NON_COMPLIANT', 'NOT_APPLICABLE'])
})
