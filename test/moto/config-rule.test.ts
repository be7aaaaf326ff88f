import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  ECRClient,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import { GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AwsClients } from '../../shared/runtime/aws-clients.ts'
import { changeEvent, closedPolicy, invoke, openPolicy } from '../lambdas/config-rule/scenario.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws/fake-aws.ts'
import { type Moto, startMoto } from './moto-server.ts'

let moto: Moto
let fake: FakeAws
let clients: AwsClients
const region = 'eu-central-1'

beforeAll(async () => {
  moto = await startMoto()
  fake = await startFakeAws()
  const root = { accessKeyId: 'test', secretAccessKey: 'test' }
  const sts = new STSClient({ region, endpoint: moto.endpoint, credentials: root })
  const assumed = await sts.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/auditor', RoleSessionName: 'test' }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  const shared = { region, endpoint: moto.endpoint, credentials, maxAttempts: 1 }
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

async function audited(): Promise<readonly unknown[]> {
  fake.evaluations.length = 0
  await invoke(fake, changeEvent(), { clients })
  const { Findings = [] } = await clients.securityHub.send(new GetFindingsCommand({}))
  const newest = Findings.at(-1)
  return [fake.evaluations[0].ComplianceType, newest?.AwsAccountId, newest?.Compliance?.Status, newest?.RecordState]
}

it('follows a repository from open to closed to gone', async () => {
  await clients.ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/app' }))
  await clients.ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'team/app', policyText: openPolicy }))
  expect(await audited()).toEqual(['NON_COMPLIANT', '111122223333', 'FAILED', 'ACTIVE'])
  await clients.ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'team/app', policyText: closedPolicy }))
  expect(await audited()).toEqual(['COMPLIANT', '111122223333', 'PASSED', 'ACTIVE'])
  await clients.ecr.send(new DeleteRepositoryCommand({ repositoryName: 'team/app', force: true }))
  expect(await audited()).toEqual(['NOT_APPLICABLE', '111122223333', 'PASSED', 'ARCHIVED'])
})
