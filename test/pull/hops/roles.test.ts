import { describe, expect, it } from 'vitest'
import { absent, known, unknown } from '../../../shared/model/fact.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import type { HopAnswer } from '../../../shared/pull/hops/hop-answer.ts'
import { failing, passing, skipping, undecided } from '../../../shared/pull/hops/hop-answer.ts'
import { type IdentityAnswers, identityOfRole, mergeRoles } from '../../../shared/pull/hops/identity.ts'
import { pullerHop, trustHop } from '../../../shared/pull/hops/principal.ts'
import { parseImageReference } from '../../../shared/pull/image-reference.ts'
import type { PullToTrace } from '../../../shared/pull/trace-types.ts'
import {
  allowPull,
  type EstatePart,
  fullAccess,
  home,
  imageUri,
  notListed,
  organization,
  policy,
  repository,
  role,
  roleArn,
  trustOf,
} from '../../support/builders.ts'
import { roleIn, worldOf } from '../pull-world.ts'
import { pullersNamed, pullOf } from '../web-service.ts'

const pullAsApp = (compute: PullToTrace['workload']['compute'], more: Partial<PullToTrace> = {}) =>
  pullOf(compute, { pullers: pullersNamed('app'), ...more })

function imageOf(text: string) {
  const reference = parseImageReference(text)
  if (reference.kind !== 'ecrPrivate') throw new Error(text)
  return reference
}

const may = (more: JsonObject = {}) => policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*', ...more })

function identityIn(parts: readonly EstatePart[], image = imageUri()) {
  const world = worldOf(parts)
  return identityOfRole(
    world,
    pullAsApp('fargateTask'),
    { roleName: roleArn('app'), puller: 'fargateTask' },
    imageOf(image),
  )
}

describe('who pulls', () => {
  it('is nobody on Fargate without an execution role', () => {
    for (const pullers of [absent<never>(), known([])]) {
      expect(pullerHop(pullAsApp('fargateTask', { pullers }))).toMatchObject({
        status: 'fail',
        code: 'no-execution-role',
        evidence: [{ source: 'task definition', detail: 'executionRoleArn is not set' }],
      })
    }
  })

  it.each(['containerInstance', 'node', 'fargatePod'] as const)('is open on %s when none is named', (compute) => {
    expect(pullerHop(pullAsApp(compute, { pullers: known([]) }))).toMatchObject({
      status: 'unknown',
      code: 'puller-unknown',
      reason: 'Which role pulls is not known: none is named',
      missing: ['role of web'],
    })
  })

  it('is open when it is not known, on Fargate too', () => {
    expect(pullerHop(pullAsApp('fargateTask', { pullers: unknown<never>('nobody said') }))).toMatchObject({
      code: 'puller-unknown',
      reason: 'Which role pulls is not known: nobody said',
      missing: ['nobody said'],
    })
  })

  it('is the role that is named', () => {
    expect(pullerHop(pullAsApp('fargateTask'))).toBeUndefined()
  })
})

describe('the trust of a role', () => {
  const trustIn = (trust: JsonObject) => {
    const world = worldOf([role({ trust })])
    return (service: Parameters<typeof trustHop>[2], region: string = home.region, now = world.now) =>
      trustHop({ ...world, ...(now === undefined ? {} : { now }) }, { role: roleIn(world.inventory), region }, service)
  }

  it('is asked for the service, the region and the time, in one inventory', () => {
    const source = { ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:eu-central-1:111122223333:*' } }
    const until = { DateLessThan: { 'aws:CurrentTime': '2026-12-01T00:00:00Z' } }
    const ask = trustIn(trustOf('ecs-tasks.amazonaws.com', { Condition: { ...source, ...until } }))
    expect(ask('ecs-tasks').status).toBe('pass')
    expect(ask('ec2').status).toBe('fail')
    expect(ask('ecs-tasks', 'eu-west-1').status).toBe('fail')
    expect(ask('ecs-tasks', home.region, new Date('2026-12-02T00:00:00Z')).status).toBe('fail')
    expect(ask('ecs-tasks')).toBe(ask('ecs-tasks'))
  })

  it('that depends on what is not known is open, and the fact is named', () => {
    const ask = trustIn(trustOf('ecs-tasks.amazonaws.com', { Condition: { Bool: { 'aws:Unheard': 'true' } } }))
    const answer = ask('ecs-tasks')
    expect(answer).toMatchObject({
      status: 'unknown',
      code: 'trust-undecided',
      reason: 'Whether ecs-tasks.amazonaws.com may assume role app is not known',
    })
    expect(answer.missing.join()).toContain('aws:Unheard')
    expect(answer.evidence.length).toBeGreaterThan(0)
  })
})

describe('the identity of a role', () => {
  it('takes for granted what its policies do, apart from what limits them', () => {
    const answers = identityIn([
      role({ inline: { all: may() } }),
      repository(),
      notListed('AWS::Organizations::Policy'),
    ])
    expect(answers.token.assumptions).toEqual([])
    expect(answers['pull-actions'].assumptions).toEqual([])
    expect(answers.guardrails.assumptions.map((text) => text.split(' (')[0])).toEqual(
      ['service', 'resource'].map(
        (kind) => `assumes that no ${kind} control policy binding account 111122223333 denies it`,
      ),
    )
  })

  it('takes for granted what binds the owner of the image too, and what AWS publishes', () => {
    const addOn = '602401143452.dkr.ecr.eu-central-1.amazonaws.com/eks/coredns:v1'
    const parts = [role({ inline: { all: may() } }), notListed('AWS::Organizations::Policy')]
    const answers = identityIn(parts, addOn)
    expect(answers.guardrails.assumptions.map((text) => text.split(' (')[0])).toEqual([
      'assumes that no service control policy binding account 111122223333 denies it',
      'assumes that no resource control policy binding account 111122223333 denies it',
      'assumes that no resource control policy binding account 602401143452 denies it',
    ])
    expect(answers['pull-actions'].assumptions).toEqual([
      'assumes that AWS lets every account pull from its own registry 602401143452',
    ])
  })

  it('shows what limits it and lets it pass', () => {
    const answers = identityIn([role({ inline: { all: may() } }), repository(), ...organization()])
    expect(answers.guardrails).toMatchObject({ status: 'pass', code: 'no-guardrail-denies' })
    expect(new Set(answers.guardrails.evidence.map(({ source }) => source))).toEqual(new Set(['guardrails']))
    expect(answers.guardrails.evidence.map(({ detail }) => detail).join('\n')).toContain('FullAWSAccess')
    expect(answers.guardrails.assumptions).toEqual([])
  })

  it('shows nothing of limits that are open or do not allow', () => {
    const policies = [
      { name: 'FullAWSAccess', content: fullAccess, targets: ['r-1', home.accountId] },
      {
        name: 'maybe',
        content: policy({
          Effect: 'Deny',
          Action: 'ecr:BatchGetImage',
          Resource: '*',
          Condition: { Bool: { 'aws:Unheard': 'true' } },
        }),
        targets: ['r-1'],
      },
    ]
    const answers = identityIn([role({ inline: { all: may() } }), repository(), ...organization({ policies })])
    expect(answers.guardrails).toMatchObject({ status: 'unknown', code: 'guardrails-undecided' })
    expect(answers.guardrails.missing.join()).toContain('aws:Unheard')
  })

  it('is denied where one of two actions is, and lacks where both do', () => {
    const deny = policy(
      { Effect: 'Deny', Action: 'ecr:GetDownloadUrlForLayer', Resource: '*' },
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    )
    expect(identityIn([role({ inline: { deny } }), repository()])['pull-actions'].code).toBe('pull-actions-denied')
    const open = repository({ policy: policy(allowPull({ AWS: roleArn('other') })) })
    expect(identityIn([role({ inline: { all: may() } }), open])['pull-actions'].code).toBe('pull-actions-allowed')
    expect(identityIn([role(), open])['pull-actions'].code).toBe('missing-pull-actions')
  })
})

describe('roles of which any may be used', () => {
  const evidence = (source: string) => [{ source, detail: 'x' }]
  const good = passing('fine', 'It works', { evidence: evidence('a'), assumptions: ['assumes a'] })
  const fine = passing('fine', 'It works', { evidence: evidence('b'), assumptions: ['assumes b'] })
  const broken = failing('broken', 'It breaks', { evidence: evidence('c'), assumptions: ['assumes c'], fix: 'Mend it' })
  const open = undecided('open', 'It may work', ['the thing'], { evidence: evidence('d') })
  const none = skipping('none', 'Nothing')
  const question = 'which of one and two pulls: the agent takes the execution role when it receives useExecutionRole'

  const answersOf = (all: HopAnswer, more: Partial<IdentityAnswers> = {}): IdentityAnswers => ({
    principal: all,
    token: all,
    'pull-actions': all,
    guardrails: all,
    ...more,
  })
  const merged = (one: IdentityAnswers, two: IdentityAnswers) =>
    mergeRoles([
      ['one', one],
      ['two', two],
    ])

  it('is the only one where there is one', () => {
    const answers = answersOf(good)
    expect(mergeRoles([['one', answers]])).toBe(answers)
  })

  it('work where both do, and carry what each takes for granted', () => {
    const expected = {
      ...good,
      evidence: [...evidence('a'), ...evidence('b')],
      assumptions: ['assumes a', 'assumes b'],
    }
    expect(merged(answersOf(good), answersOf(fine))).toEqual(answersOf(expected))
  })

  it('break where both do, at the worst of each hop, with the evidence of what breaks', () => {
    const one = answersOf(good, { token: broken })
    const two = answersOf(fine, { 'pull-actions': broken })
    expect(merged(one, two)).toEqual({
      principal: { ...good, evidence: [...evidence('a'), ...evidence('b')], assumptions: ['assumes a', 'assumes b'] },
      token: { ...broken, assumptions: ['assumes c', 'assumes b'] },
      'pull-actions': { ...broken, assumptions: ['assumes a', 'assumes c'] },
      guardrails: { ...good, evidence: [...evidence('a'), ...evidence('b')], assumptions: ['assumes a', 'assumes b'] },
    })
  })

  it('are open where one works and the other breaks', () => {
    const answer = merged(answersOf(good), answersOf(good, { token: broken }))
    expect(answer.principal).toEqual({
      status: 'unknown',
      code: 'roles-differ',
      reason: 'one and two do not get equally far',
      evidence: [...evidence('a'), ...evidence('a')],
      assumptions: [],
      missing: [question],
    })
    expect(answer.token).toEqual({
      status: 'unknown',
      code: 'roles-differ',
      reason: 'It breaks',
      evidence: evidence('c'),
      assumptions: ['assumes c'],
      missing: [question],
    })
    expect(answer['pull-actions'].status).toBe('pass')
  })

  it('are open where one works and the other is open, and name what is missing of it', () => {
    const answer = merged(answersOf(good), answersOf(good, { token: open }))
    expect(answer.principal.status).toBe('pass')
    expect(answer.token).toMatchObject({
      code: 'roles-differ',
      reason: 'It may work',
      missing: [question, 'the thing'],
    })
  })

  it('work at a hop that one of them does not get to', () => {
    const answer = merged(answersOf(good), answersOf(none, { principal: open }))
    expect(answer.token).toEqual({ ...good, evidence: evidence('a') })
  })
})
