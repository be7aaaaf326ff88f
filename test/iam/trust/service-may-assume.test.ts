import { describe, expect, it } from 'vitest'
import { present } from '../../../shared/iam/conditions/context.ts'
import { parsePolicy } from '../../../shared/iam/policy/parse-policy.ts'
import { serviceMayAssume } from '../../../shared/iam/trust/service-may-assume.ts'
import type { JsonValue } from '../../../shared/model/json.ts'

const accountId = '111122223333'

function ask(
  sourceArns: readonly string[],
  condition: JsonValue = {},
  principal: JsonValue = { Service: 'ecs-tasks.amazonaws.com' },
) {
  const json = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', Condition: condition }],
  }
  const parsed = parsePolicy({ json, text: JSON.stringify(json), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  const { decision, missing } = serviceMayAssume({
    trust: parsed.policy,
    roleArn: `arn:aws:iam::${accountId}:role/pull`,
    accountId,
    service: 'ecs-tasks.amazonaws.com',
    context: new Map([['aws:sourceaccount', present(accountId)]]),
    probes: sourceArns.map((arn) => new Map([['aws:sourcearn', present(arn)]])),
  })
  return { decision, missing }
}

const cluster = `arn:aws:ecs:eu-west-1:${accountId}:*`

describe('a service that assumes a role', () => {
  it('may when the trust policy names it', () => {
    expect(ask([])).toEqual({ decision: 'allowed', missing: [] })
  })
  it('may not when the trust policy names another one', () => {
    expect(ask([], {}, { Service: 'ec2.amazonaws.com' }).decision).toBe('implicitlyDenied')
  })
  it('may when it may with every possible source', () => {
    const sources = [`arn:aws:ecs:eu-west-1:${accountId}:task/a`, `arn:aws:ecs:eu-west-1:${accountId}:task/b`]
    expect(ask(sources, { ArnLike: { 'aws:SourceArn': cluster } })).toEqual({ decision: 'allowed', missing: [] })
  })
  it('may not when it may with no possible source', () => {
    const sources = [`arn:aws:ecs:us-east-1:${accountId}:task/a`, `arn:aws:ecs:us-east-1:${accountId}:task/b`]
    expect(ask(sources, { ArnLike: { 'aws:SourceArn': cluster } }).decision).toBe('implicitlyDenied')
  })
  it('is unknown when the possible sources do not agree', () => {
    const sources = [`arn:aws:ecs:eu-west-1:${accountId}:task/a`, `arn:aws:ecs:us-east-1:${accountId}:task/b`]
    expect(ask(sources, { ArnLike: { 'aws:SourceArn': cluster } })).toEqual({
      decision: 'unknown',
      missing: [{ kind: 'fact', fact: 'the exact value of aws:sourcearn is not known' }],
    })
  })
})
