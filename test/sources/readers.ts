import { ECSClient } from '@aws-sdk/client-ecs'
import { EKSClient } from '@aws-sdk/client-eks'
import { IAMClient } from '@aws-sdk/client-iam'
import type { EcsReader } from '../../shared/sources/ecs/reader.ts'
import type { EksReader } from '../../shared/sources/eks/reader.ts'
import type { IamReader } from '../../shared/sources/iam/reader.ts'
import type { FakeAws } from '../support/fake-aws/fake-aws.ts'

/** Readers of the fake's account, with real clients that give up at the first failure. */
export function readersOf(
  fake: FakeAws,
  callTimeout = 5_000,
): { readonly iam: IamReader; readonly ecs: EcsReader; readonly eks: EksReader } {
  const { accountId, region } = fake.state
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const configuration = { region, credentials, maxAttempts: 1, endpoint: fake.endpoint }
  const base = { accountId, region, readAt: '2026-03-01T12:00:00.000Z', callTimeout }
  return {
    iam: { ...base, client: new IAMClient(configuration) },
    ecs: { ...base, client: new ECSClient(configuration) },
    eks: { ...base, client: new EKSClient(configuration) },
  }
}

/** The calls made so far as IAM actions, each once, sorted. */
export function actionsCalled(fake: FakeAws): readonly string[] {
  return [...new Set(fake.calls.map(({ service, operation }) => `${service}:${operation}`))].sort()
}
