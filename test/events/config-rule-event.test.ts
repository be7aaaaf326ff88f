import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseConfigRuleEvent } from '../../shared/events/config-rule-event.ts'

const now = new Date('2026-03-01T12:00:00.000Z')
const parsed = (name: string) =>
  parseConfigRuleEvent(
    JSON.parse(readFileSync(new URL(`../fixtures/events/${name}.json`, import.meta.url), 'utf8')),
    now,
  )
const repositoryArn = 'arn:aws:ecr:eu-central-1:111122223333:repository/team/app'

it.each([
  ['change-repository', 'change', 'AWS::ECR::Repository', 'team/app', repositoryArn, 'OK'],
  ['oversized-repository', 'oversized', 'AWS::ECR::Repository', 'team/app', repositoryArn, 'OK'],
  ['deleted-repository', 'change', 'AWS::ECR::Repository', 'team/app', repositoryArn, 'ResourceDeleted'],
  ['change-registry-policy', 'change', 'AWS::ECR::RegistryPolicy', '111122223333', undefined, 'OK'],
  ['change-pull-through-cache-rule', 'change', 'AWS::ECR::PullThroughCacheRule', 'docker-hub', undefined, 'OK'],
] as const)('%s names the resource it is about', (name, kind, type, id, arn, status) => {
  const request = parsed(name)
  expect(request.kind).toBe(kind)
  expect(request.kind === 'scheduled' ? undefined : request.resource).toEqual({
    ...{ type, id, arn, status },
    name: type === 'AWS::ECR::Repository' ? id : undefined,
    accountId: '111122223333',
    region: 'eu-central-1',
    capturedAt: '2026-03-01T10:00:00.000Z',
    leftScope: false,
  })
})

it('a scheduled event names its time and the rule', () => {
  expect(parsed('scheduled')).toEqual({
    kind: 'scheduled',
    notifiedAt: '2026-03-01T11:00:00.000Z',
    invocation: {
      accountId: '111122223333',
      ruleArn: 'arn:aws:config:eu-central-1:111122223333:config-rule/config-rule-abcdef',
      ruleName: 'pullpath-probe',
      ruleId: 'probe-repository-closed',
      parameters: new Map(),
      resultToken: 'token-1',
    },
  })
})
