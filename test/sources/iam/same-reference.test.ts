import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import { policySource } from '../../../shared/inventory/policy-source.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { listRoles } from '../../../shared/sources/iam/list-roles.ts'
import { readRole } from '../../../shared/sources/iam/read-role.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { readersOf } from '../readers.ts'
import { account, execConfiguration, fillAccount, own, pull, trust } from './account.ts'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  fillAccount(fake)
})
afterEach(() => fake.close())

/** The execution role and its policy as a file of AWS Config spells them. */
function recorded(): readonly JsonObject[] {
  const head = {
    version: '1.3',
    awsAccountId: account,
    configurationItemCaptureTime: '2026-03-01T12:00:00.000Z',
    configurationItemStatus: 'OK',
    awsRegion: 'global',
    tags: {},
    supplementaryConfiguration: {},
  }
  const policy = {
    policyName: 'pull',
    policyId: 'ANPAPULL',
    arn: own.policy,
    path: '/',
    defaultVersionId: 'v2',
    policyVersionList: [
      { document: encodeURIComponent('{}'), versionId: 'v1', isDefaultVersion: false },
      { document: encodeURIComponent(pull), versionId: 'v2', isDefaultVersion: true },
    ],
  }
  return [
    {
      ...head,
      resourceType: 'AWS::IAM::Role',
      resourceId: 'AROAEXEC',
      resourceName: 'exec',
      ARN: own.role,
      configuration: execConfiguration,
    },
    {
      ...head,
      resourceType: 'AWS::IAM::Policy',
      resourceId: 'ANPAPULL',
      resourceName: 'pull',
      ARN: own.policy,
      configuration: policy,
    },
  ]
}

/** What makes up a reference, and every document with where it stands, decoded. */
function factsOf(raw: JsonObject): unknown {
  const normalized = normalizeItem(raw)
  if (!normalized.ok || normalized.deleted) throw new Error('not a live item')
  const { resourceType, resourceId, arn, accountId, region, configuration } = normalized.item
  const entries = (key: string) => (configuration[key] ?? []) as readonly JsonObject[]
  const text = (document: unknown) => {
    const fact = policySource(document as string, 'document')
    return fact.state === 'known' ? fact.value.text : fact.state
  }
  return {
    ref: { resourceType, resourceId, arn, accountId, region },
    trust: text(configuration.assumeRolePolicyDocument),
    inline: entries('rolePolicyList').map((one) => [one.policyName, text(one.policyDocument)]),
    attached: entries('attachedManagedPolicies').map((one) => one.policyArn),
    boundary: configuration.permissionsBoundary ?? null,
    version: entries('policyVersionList')
      .filter((one) => one.isDefaultVersion)
      .map((one) => [one.versionId, text(one.document)]),
  }
}

describe('a role and its policies', () => {
  it('are the same read one by one, listed, and recorded by AWS Config', async () => {
    const { iam } = readersOf(fake)
    const one = await readRole(iam, own.role)
    if (one.state !== 'present') throw new Error('expected the role')
    const all = (await listRoles(iam, { callerArn: own.caller })).items
    const wanted = recorded().map(factsOf)
    const pick = (items: readonly JsonObject[]) =>
      [own.role, own.policy].map((arn) => factsOf(items.find((item) => item.arn === arn) ?? {}))
    expect(wanted).toMatchObject([
      { trust, inline: [['inline', pull]], ref: { arn: own.role, region: 'global' } },
      { version: [['v2', pull]], ref: { arn: own.policy, region: 'global' } },
    ])
    expect(pick([one.item, ...one.policies])).toEqual(wanted)
    expect(pick(all)).toEqual(wanted)
  })
})
