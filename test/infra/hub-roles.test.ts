import { describe, expect, it } from 'vitest'
import { withCompleteContext } from '../../shared/iam/evaluate/derived-context.ts'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import type { PolicyDocument } from '../../shared/iam/evaluate/types.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import { dangerous } from './dangerous-actions.ts'
import { chosen, hubStack } from './hub-synthesised.ts'
import { deployed, ofType, place } from './synthesised.ts'

/** Everything a role can be given. */
const all = deployed(hubStack().template, {
  ...{ ...chosen, ConfigBucket: 'config-bucket' },
  ConfigBucketKey: `arn:aws:kms:${place.region}:${place.account}:key/config`,
})
const roles = [...all].filter(([, { Type }]) => Type === 'AWS::IAM::Role').map(([id]) => id)

function known(name: string, json: object): PolicyDocument {
  const parsed = parsePolicy({ json: json as never, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return { state: 'known', name, policy: parsed.policy }
}

function policiesOf(id: string): readonly PolicyDocument[] {
  const attached = ofType(all, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles.includes(id))
  const inline = all.get(id)!.Properties.Policies as { PolicyName: string; PolicyDocument: object }[]
  return [...inline, ...attached.map(({ Properties }) => Properties)].map(({ PolicyName, PolicyDocument }) =>
    known(PolicyName, PolicyDocument),
  )
}

function decide(id: string, action: string, arn: string) {
  const accountId = place.account
  const principal = { kind: 'role', arn: `arn:aws:iam::${accountId}:role/${id}`, accountId } as const
  const request = { principal, action, resource: { arn, accountId }, context: new Map() }
  return evaluateAccess(withCompleteContext({ request, identityPolicies: policiesOf(id) })).decision
}

/** Of the hub itself: what its own functions must not do to it. */
const ofHub: readonly (readonly [action: string, arn: string])[] = [
  ['s3:PutObject', 'arn:aws:s3:::HubBucket/source/settings.yaml'],
  ['s3:DeleteObject', 'arn:aws:s3:::HubBucket/reports/latest.json'],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::HubBucket'],
  ['s3:PutObject', 'arn:aws:s3:::config-bucket/AWSLogs/111122223333/Config/x'],
  ['s3:GetObject', 'arn:aws:s3:::config-bucket/AWSLogs/111122223333/CloudTrail/x'],
  ['kms:PutKeyPolicy', `arn:aws:kms:${place.region}:${place.account}:key/HubKey`],
  ['config:DeleteConfigurationAggregator', '*'],
  [
    'cloudformation:UpdateStackSet',
    `arn:aws:cloudformation:${place.region}:${place.account}:stackset/pullpath-member:1`,
  ],
  ['organizations:AttachPolicy', '*'],
  ['organizations:RegisterDelegatedAdministrator', '*'],
]

describe('the roles of the hub', () => {
  it('are those of two functions, a state machine, a schedule, and two of the aggregator', () => {
    expect(roles.map((id) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'OrganizationAggregatorCollector',
      'OrganizationAggregatorReader',
      'PublisherOrganizationRole',
      'ReportOrganizationReportRole',
      'ReportScheduleRole',
      'ReportStateMachineRole',
    ])
  })

  it.each(roles)('%s allows none of the dangerous actions', (id) => {
    expect(dangerous.length + ofHub.length).toBeGreaterThan(60)
    const allowed = [...dangerous, ...ofHub].filter(([action, arn]) => decide(id, action, arn) === 'allowed')
    expect(allowed).toEqual([])
  })

  it('have no managed policy and no wildcard action', () => {
    for (const id of roles) expect(all.get(id)!.Properties).not.toHaveProperty('ManagedPolicyArns')
    const statements = [...ofType(all, 'AWS::IAM::Role').flatMap(({ Properties }) => Properties.Policies)]
      .concat(ofType(all, 'AWS::IAM::Policy').map(({ Properties }) => Properties))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    const wildcards = statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => Action)
      .filter((action) => action.includes('*'))
    expect(statements.length).toBeGreaterThan(15)
    expect(wildcards).toEqual([])
  })
})
