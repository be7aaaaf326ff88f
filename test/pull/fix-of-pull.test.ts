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
