import { describe, expect, it } from 'vitest'
import type { Decision, LayerOutcome } from '../../../shared/iam/evaluate/types.ts'
import { splitDecision } from '../../../shared/pull/hops/split-decision.ts'
import { home, roleArn } from '../../support/builders.ts'

type Layer = LayerOutcome['layer']
type Result = LayerOutcome['result']
type Row = readonly [layer: Layer, result: Result, policy?: string]

const ownRepository = 'arn:aws:ecr:eu-central-1:111122223333:repository/app'
const foreignRepository = 'arn:aws:ecr:eu-central-1:444455556666:repository/app'

function outcomeOf([layer, result, policy]: Row): LayerOutcome {
  const outcome = { layer, result, reason: `${layer} ${result}` }
  if (policy === undefined) return outcome
  return { ...outcome, statement: { policy, position: 1, sid: undefined, effect: 'Deny', outcome: 'matches' } }
}

function split(decision: Decision['decision'], rows: readonly Row[], resource = ownRepository, decidedAt = 0) {
  const layers = rows.map(outcomeOf)
  const decidedBy = layers[decidedAt] ?? outcomeOf(['identity', 'unknown'])
  const step = { kind: 'pull', action: 'ecr:BatchGetImage', resource } as const
  return splitDecision(
    { ...step, decision: { decision, decidedBy, layers, missing: [] } },
    roleArn('app', home.accountId),
  )
}

describe('a decision within an account', () => {
  it.each([
    ['allowed passes on both sides', 'allowed', [['identity', 'allowed']], 'pass', 'pass'],
    [
      'allowed passes whatever a side says',
      'allowed',
      [
        ['identity', 'implicitlyDenied'],
        ['resource', 'allowed'],
      ],
      'pass',
      'pass',
    ],
    [
      'that neither grants fails where grants are told',
      'implicitlyDenied',
      [
        ['identity', 'implicitlyDenied'],
        ['resource', 'implicitlyDenied'],
      ],
      'fail',
      'pass',
    ],
    [
      'that a limit stops fails where limits are told',
      'implicitlyDenied',
      [
        ['identity', 'allowed'],
        ['boundary', 'implicitlyDenied'],
      ],
      'pass',
      'fail',
    ],
    [
      'that a limit stops stays open for a grant nobody knows',
      'implicitlyDenied',
      [
        ['identity', 'unknown'],
        ['scp', 'implicitlyDenied'],
      ],
      'unknown',
      'fail',
    ],
    [
      'that a grant alone stops fails although a limit is open',
      'explicitlyDenied',
      [
        ['identity', 'explicitlyDenied'],
        ['scp', 'unknown'],
      ],
      'fail',
      'unknown',
    ],
    [
      'that breaks on both sides fails on both',
      'explicitlyDenied',
      [
        ['identity', 'implicitlyDenied'],
        ['rcp', 'explicitlyDenied'],
      ],
      'fail',
      'fail',
    ],
    [
      'denied without a layer that says so counts against the grants',
      'implicitlyDenied',
      [['identity', 'allowed']],
      'fail',
      'pass',
    ],
    [
      'allowed by the role and denied by the repository fails',
      'explicitlyDenied',
      [
        ['identity', 'allowed'],
        ['resource', 'explicitlyDenied', 'repository policy of app'],
      ],
      'fail',
      'pass',
    ],
    [
      'allowed by one side needs no other',
      'implicitlyDenied',
      [
        ['identity', 'allowed'],
        ['resource', 'implicitlyDenied'],
        ['session', 'implicitlyDenied'],
      ],
      'pass',
      'fail',
    ],
    ['nobody can decide stays open for its grants', 'unknown', [['identity', 'unknown']], 'unknown', 'pass'],
    [
      'open at a limit alone stays open there',
      'unknown',
      [
        ['identity', 'allowed'],
        ['scp', 'unknown'],
      ],
      'pass',
      'unknown',
    ],
    [
      'open at the resource stays open although the role allows',
      'unknown',
      [
        ['identity', 'allowed'],
        ['resource', 'unknown'],
      ],
      'unknown',
      'pass',
    ],
    [
      'open without a layer that says so counts as an open grant',
      'unknown',
      [['identity', 'allowed']],
      'unknown',
      'pass',
    ],
    [
      'open at the resource and not granted by the role stays open',
      'unknown',
      [
        ['identity', 'implicitlyDenied'],
        ['resource', 'unknown'],
      ],
      'unknown',
      'pass',
    ],
  ] as const)('%s', (_name, decision, rows, own, guard) => {
    const answer = split(decision, rows)
    expect([answer.own.status, answer.guard.status]).toEqual([own, guard])
  })
})

describe('a decision across accounts', () => {
  it.each([
    [
      'needs the repository too',
      'implicitlyDenied',
      [
        ['identity', 'allowed'],
        ['resource', 'implicitlyDenied'],
      ],
      'fail',
    ],
    [
      'needs the role too',
      'implicitlyDenied',
      [
        ['identity', 'implicitlyDenied'],
        ['resource', 'allowed'],
      ],
      'fail',
    ],
    [
      'fails for certain where one side denies and the other is open',
      'implicitlyDenied',
      [
        ['identity', 'unknown'],
        ['resource', 'implicitlyDenied'],
        ['scp', 'implicitlyDenied'],
      ],
      'fail',
    ],
    [
      'is open where one side is and the other allows',
      'unknown',
      [
        ['identity', 'unknown'],
        ['resource', 'allowed'],
      ],
      'unknown',
    ],
    [
      'passes where both allow and a limit denies',
      'implicitlyDenied',
      [
        ['identity', 'allowed'],
        ['resource', 'allowed'],
        ['scp', 'implicitlyDenied'],
      ],
      'pass',
    ],
  ] as const)('%s', (_name, decision, rows, own) => {
    expect(split(decision, rows, foreignRepository).own.status).toBe(own)
  })

  it('is none for a request without a resource', () => {
    const rows = [
      ['identity', 'allowed'],
      ['resource', 'implicitlyDenied'],
      ['scp', 'explicitlyDenied'],
    ] as const
    expect(split('explicitlyDenied', rows, '*').own.status).toBe('pass')
  })
})

describe('what limits', () => {
  it.each(['boundary', 'scp', 'rcp', 'session'] as const)('is a layer %s', (layer) => {
    const { own, guard } = split('explicitlyDenied', [
      ['identity', 'allowed'],
      [layer, 'explicitlyDenied'],
    ])
    expect(own.step.decision.layers.map((one) => one.layer)).toEqual(['identity'])
    expect(guard.step.decision.layers.map((one) => one.layer)).toEqual([layer])
  })

  it.each([
    ['a denial of a registry policy', ['resource', 'explicitlyDenied', 'registry policy of account 1'], true],
    ['what a registry policy grants', ['resource', 'allowed', 'registry policy of account 1'], false],
    ['a denial of a repository policy', ['resource', 'explicitlyDenied', 'repository policy of app'], false],
    ['a denial of a resource policy without a statement', ['resource', 'explicitlyDenied'], false],
    ['a denial of a role by a policy of such a name', ['identity', 'explicitlyDenied', 'registry policy'], false],
  ] as const)('of resource policies is only a denial of the registry: %s', (_name, row, isLimit) => {
    const { guard } = split('explicitlyDenied', [['identity', 'allowed'], row], ownRepository, 1)
    expect(guard.step.decision.layers.length).toBe(isLimit ? 1 : 0)
  })
})

describe('the reason of a side', () => {
  const reasonOf = (rows: readonly Row[], decidedAt: number) =>
    split('explicitlyDenied', rows, foreignRepository, decidedAt).own.step.decision.decidedBy.reason

  const noIdentity = ['identity', 'implicitlyDenied'] as const
  const identityAllows = ['identity', 'allowed'] as const
  const noResource = ['resource', 'implicitlyDenied'] as const
  const resourceDenies = ['resource', 'explicitlyDenied'] as const
  const scpDenies = ['scp', 'explicitlyDenied'] as const

  it.each([
    ['the layer that decided the whole', [noIdentity, noResource], 1, 'resource implicitlyDenied'],
    ['the layer that decided the whole', [noIdentity, noResource], 0, 'identity implicitlyDenied'],
    ['a denial where another side decided', [noIdentity, resourceDenies, scpDenies], 2, 'resource explicitlyDenied'],
    [
      'what could grant alone where nothing denies explicitly',
      [noResource, noIdentity, scpDenies],
      2,
      'identity implicitlyDenied',
    ],
    [
      'the resource policy where it alone stands in the way',
      [identityAllows, noResource, scpDenies],
      2,
      'resource implicitlyDenied',
    ],
  ] as const)('is %s', (_what, rows, decidedAt, reason) => {
    expect(reasonOf(rows, decidedAt)).toBe(reason)
  })

  it('is its first layer where none says what it comes to, and what decided the whole where it has none', () => {
    const { own, guard } = split('implicitlyDenied', [['identity', 'allowed']])
    expect(own.step.decision.decidedBy.reason).toBe('identity allowed')
    expect(guard.step.decision.decidedBy.reason).toBe('identity allowed')
    expect(guard.step.decision.layers).toEqual([])
  })

  it('comes with the decision in its own words', () => {
    const denied = split('explicitlyDenied', [
      ['identity', 'implicitlyDenied'],
      ['scp', 'explicitlyDenied'],
    ])
    expect(denied.own.step.decision.decision).toBe('implicitlyDenied')
    expect(denied.guard.step.decision.decision).toBe('explicitlyDenied')
    const open = split('unknown', [
      ['identity', 'unknown'],
      ['scp', 'allowed'],
    ])
    expect([open.own.step.decision.decision, open.guard.step.decision.decision]).toEqual(['unknown', 'allowed'])
    expect(open.step.decision.decision).toBe('unknown')
  })
})
