import { describe, expect, test } from 'vitest'
import type { Decision, LayerOutcome } from '../../shared/iam/evaluate/types.ts'
import { fixOfPull } from '../../shared/pull/fix-of-pull.ts'
import type { PullAnswer, PullStep } from '../../shared/pull/types.ts'

const role = 'arn:aws:iam::111122223333:role/run'
const own = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const foreign = 'arn:aws:ecr:eu-central-1:444455556666:repository/base'

const lacks = (layer: LayerOutcome['layer'], more: Partial<LayerOutcome> = {}): LayerOutcome => ({
  layer,
  result: 'implicitlyDenied',
  reason: `${layer} does not allow it`,
  ...more,
})

function denied(kind: PullStep['kind'], action: string, resource: string, ...layers: LayerOutcome[]): PullStep {
  const explicit = layers.some(({ result }) => result === 'explicitlyDenied')
  const decision: Decision = {
    decision: explicit ? 'explicitlyDenied' : 'implicitlyDenied',
    decidedBy: layers[0]!,
    layers,
    missing: [],
  }
  return { kind, action, resource, decision }
}

const fix = (...steps: PullStep[]) => {
  const trusted: Decision = { decision: 'allowed', decidedBy: lacks('resource'), layers: [], missing: [] }
  const trust: PullStep = { kind: 'trust', action: 'sts:AssumeRole', resource: role, decision: trusted }
  const answer: PullAnswer = { status: 'fail', steps: [trust, ...steps], assumptions: [], evidence: [] }
  return fixOfPull(answer, 'ecs-tasks.amazonaws.com')
}

describe('the fix of a pull', () => {
  test('is one statement for both actions on all repositories, and one for the token', () => {
    expect(
      fix(
        denied('token', 'ecr:GetAuthorizationToken', '*', lacks('identity')),
        denied('pull', 'ecr:BatchGetImage', own, lacks('identity'), lacks('resource')),
        denied('pull', 'ecr:GetDownloadUrlForLayer', own, lacks('identity'), lacks('resource')),
      ),
    ).toBe(
      `Add to a policy of ${role}: {"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}. ` +
        `Add to a policy of ${role}: {"Effect":"Allow","Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"Resource":"${own}"}.`,
    )
  })

  test('asks the owner of another account for a statement that names the role', () => {
    expect(fix(denied('pull', 'ecr:BatchGetImage', foreign, lacks('resource')))).toBe(
      `Add to the repository policy of ${foreign}: {"Effect":"Allow","Principal":{"AWS":"${role}"},"Action":"ecr:BatchGetImage"}.`,
    )
  })

  test('changes both sides across accounts when both are missing', () => {
    const text = fix(denied('pull', 'ecr:BatchGetImage', foreign, lacks('identity'), lacks('resource')))
    expect(text).toContain(`Add to a policy of ${role}`)
    expect(text).toContain(`Add to the repository policy of ${foreign}`)
  })

  test('names the statement that has to go when one denies, and adds nothing', () => {
    const statement = {
      policy: 'service control policy no-urls',
      position: 2,
      sid: undefined,
      effect: 'Deny',
      outcome: 'matches',
    } as const
    const layer = { layer: 'scp', result: 'explicitlyDenied', reason: 'denied', statement } as const
    expect(fix(denied('pull', 'ecr:GetDownloadUrlForLayer', own, layer, lacks('identity')))).toBe(
      'Remove or narrow statement 2 of service control policy no-urls: it denies ecr:GetDownloadUrlForLayer.',
    )
  })

  test('widens boundary and guardrail where those do not allow', () => {
    const text = fix(
      denied('pull', 'ecr:BatchGetImage', own, lacks('boundary')),
      denied('pull', 'ecr:GetDownloadUrlForLayer', own, lacks('scp', { orgIdentifier: 'ou-1' })),
    )
    expect(text).toContain(`Add to the permissions boundary of ${role}: `)
    expect(text).toContain('Add to a service control policy attached to ou-1: ')
  })

  test.each([
    ['identity', `a policy of ${role}`],
    ['service', `a policy of ${role}`],
    ['boundary', `the permissions boundary of ${role}`],
    ['scp', 'a service control policy attached to each level of the organization'],
    ['rcp', 'the resource control policies of the owner'],
    ['endpoint', 'the policy of the VPC endpoint'],
    ['session', 'the session policy'],
  ] as const)('changes what a layer %s holds', (layer, where) => {
    expect(fix(denied('pull', 'ecr:BatchGetImage', own, lacks(layer)))).toBe(
      `Add to ${where}: {"Effect":"Allow","Action":"ecr:BatchGetImage","Resource":"${own}"}.`,
    )
  })

  test('names the part of the organization whose control policies lack it', () => {
    const ofRoot = lacks('rcp', { orgIdentifier: 'r-1' })
    expect(fix(denied('pull', 'ecr:BatchGetImage', own, ofRoot))).toContain('the resource control policies of r-1: ')
  })

  test('changes what decided where no layer lacks an Allow of its own', () => {
    const decidedBy = lacks('resource')
    expect(fix(denied('pull', 'ecr:BatchGetImage', own, decidedBy))).toBe(
      `Add to the repository policy of ${own}: {"Effect":"Allow","Principal":{"AWS":"${role}"},"Action":"ecr:BatchGetImage"}.`,
    )
  })

  test('is apart for the token, though both come from one policy', () => {
    const statement = { policy: 'p', position: 1, sid: undefined, effect: 'Deny', outcome: 'matches' } as const
    const layer = { layer: 'identity', result: 'explicitlyDenied', reason: 'denied', statement } as const
    expect(
      fix(denied('token', 'ecr:GetAuthorizationToken', '*', layer), denied('pull', 'ecr:BatchGetImage', own, layer)),
    ).toBe(
      'Remove or narrow statement 1 of p: it denies ecr:GetAuthorizationToken. Remove or narrow statement 1 of p: it denies ecr:BatchGetImage.',
    )
  })

  test('says why where a denial names no statement', () => {
    const layer = { layer: 'scp', result: 'explicitlyDenied', reason: 'a policy denies it' } as const
    expect(fix(denied('pull', 'ecr:BatchGetImage', own, layer))).toBe(
      'Remove or narrow a policy denies it: it denies ecr:BatchGetImage.',
    )
  })

  test('speaks of the role where no step names it', () => {
    const step = denied('pull', 'ecr:BatchGetImage', own, lacks('identity'))
    const answer: PullAnswer = { status: 'fail', steps: [step], assumptions: [], evidence: [] }
    expect(fixOfPull(answer, 'ecs-tasks.amazonaws.com')).toBe(
      `Add to a policy of the role: {"Effect":"Allow","Action":"ecr:BatchGetImage","Resource":"${own}"}.`,
    )
  })

  test('lets the service assume the role', () => {
    expect(fix(denied('trust', 'sts:AssumeRole', role, lacks('resource')))).toBe(
      `Add to the trust policy of ${role}: {"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}.`,
    )
  })

  test('is none when nothing is broken', () => {
    const allowed: Decision = { decision: 'allowed', decidedBy: lacks('identity'), layers: [], missing: [] }
    expect(
      fix({ kind: 'token', action: 'ecr:GetAuthorizationToken', resource: '*', decision: allowed }),
    ).toBeUndefined()
  })
})
