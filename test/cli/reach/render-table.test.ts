import { describe, expect, it } from 'vitest'
import type { Answer, Leg } from '../../../cli/reach/answer.ts'
import { renderAnswer } from '../../../cli/reach/render-table.ts'
import { resultOf } from '../../../cli/reach/result.ts'
import { s3Layers } from '../../../shared/network/destinations.ts'
import type { ReachPath, ReachStep, ReachVerdict } from '../../../shared/network/types.ts'

const plain = { width: 100, color: false }

function step(name: ReachStep['step'], verdict: ReachVerdict, reason: string): ReachStep {
  return { step: name, verdict, code: 'code', reason, evidence: [] }
}

function leg(subnetId: string, verdict: ReachVerdict, reason: string, fix?: string): Leg {
  const decidedBy = step('route', verdict, reason)
  const steps = [step('dns', 'reachable', 'S3 has public names'), decidedBy]
  const path: ReachPath = { kind: 'gatewayEndpoint', via: 'vpce-1', verdict, steps, decidedBy }
  const missing = verdict === 'unknown' ? ['the routes of rtb-1'] : []
  const reach = {
    destination: s3Layers('eu-central-1'),
    verdict,
    paths: [path],
    shadowed: [],
    assumptions: [],
    missing,
  }
  return { subnetId, reach, fix }
}

function answer(verdict: ReachVerdict, legs: readonly Leg[], unplaced: readonly string[] = []): Answer {
  return {
    origin: { name: 'main/web', region: 'eu-central-1', sources: [], unplaced, workloads: [] },
    target: 's3',
    verdict,
    legs,
  }
}

const good = leg('subnet-1', 'reachable', 'rtb-1 leads to vpce-1')
const bad = leg('subnet-2', 'blocked', 'rtb-2 has no route', 'Add rtb-2 to vpce-1')

describe('the answer for a person', () => {
  it('shows every hop, the block and the fix, and says first that the subnets differ', () => {
    expect(renderAnswer(answer('blocked', [good, bad]), plain)).toBe(
      [
        'main/web to s3: blocked',
        '  differs   by subnet: subnet-1 reachable, subnet-2 blocked',
        '',
        'prod-eu-central-1-starport-layer-bucket.s3.eu-central-1.amazonaws.com',
        '  from subnet-1: reachable',
        '    gateway endpoint vpce-1: reachable',
        '      ok        name: S3 has public names',
        '      ok        route: rtb-1 leads to vpce-1',
        '  from subnet-2: blocked',
        '    gateway endpoint vpce-1: blocked',
        '      ok        name: S3 has public names',
        '      blocked   route: rtb-2 has no route',
        '    fix       Add rtb-2 to vpce-1',
        '',
      ].join('\n'),
    )
  })

  it('names what is missing when nobody can tell', () => {
    const text = renderAnswer(answer('unknown', [leg('subnet-1', 'unknown', 'not read')], ['no subnets']), plain)
    expect(text).toContain('main/web to s3: unknown\n  missing   no subnets\n')
    expect(text).toContain('      ?         route: not read\n    missing   the routes of rtb-1\n')
  })

  it('makes text of files safe and keeps within the width', () => {
    const nasty = leg('subnet-\u001b[31m', 'blocked', `\u202e${'x'.repeat(200)}\nnext`, 'fix\u0007')
    const text = renderAnswer(answer('blocked', [nasty]), { width: 72, color: false })
    for (const character of ['\u001b', '\u202e', '\u0007']) expect(text).not.toContain(character)
    expect(text).toContain('subnet-\\u{1b}[31m')
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(72)
  })

  it('is coloured only when asked', () => {
    const red = '\u001b[31m'
    expect(renderAnswer(answer('blocked', [bad]), { width: 100, color: true })).toContain(`${red}blocked`)
    expect(renderAnswer(answer('blocked', [bad]), plain)).not.toContain('\u001b[')
  })
})

describe('the answer for a program', () => {
  it('lists the paths of every subnet and host, and the fix when blocked', () => {
    const result = resultOf(answer('blocked', [good, bad, bad]))
    expect(result).toMatchObject({
      verdict: 'blocked',
      from: 'main/web',
      to: 's3',
      subnets: [
        { id: 'subnet-1', verdict: 'reachable' },
        { id: 'subnet-2', verdict: 'blocked' },
      ],
      fix: 'Add rtb-2 to vpce-1',
    })
    expect(result.paths.map(({ subnet, kind, verdict, steps }) => [subnet, kind, verdict, steps.length])).toEqual([
      ['subnet-1', 'gatewayEndpoint', 'reachable', 2],
      ['subnet-2', 'gatewayEndpoint', 'blocked', 2],
      ['subnet-2', 'gatewayEndpoint', 'blocked', 2],
    ])
  })

  it('has no fix when nothing is blocked, and names what is missing once', () => {
    const unknown = leg('subnet-1', 'unknown', 'not read', 'Add rtb-2 to vpce-1')
    const result = resultOf(answer('unknown', [unknown, unknown], ['the routes of rtb-1']))
    expect(result).not.toHaveProperty('fix')
    expect(result.missing).toEqual(['the routes of rtb-1'])
  })
})
