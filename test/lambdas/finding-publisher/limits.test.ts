import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMessage } from '../../../lambdas/finding-publisher/read-message.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { messageBody } from '../../../shared/sinks/queue/message-body.ts'
import { asffOf } from '../../../shared/sinks/security-hub/asff.ts'
import { batchesOf } from '../../../shared/sinks/security-hub/import-findings.ts'
import { fakeSecurityHub } from '../../support/fake-aws/security-hub.ts'
import { accountId, bodyOf, findingOf, noon, publisher, region } from './scenario.ts'

const newHub = () => fakeSecurityHub({ accountId, region, now: () => Date.parse(noon) })
const rendered = (extra: Partial<Finding>) => asffOf(findingOf('a', extra), noon, region)!
const line = (detail: string) => ({ source: 's', detail })
const { resource } = findingOf('a')

/** What is written for a text of so many characters, and where its limit is. */
const texts: readonly (readonly [string, number, (text: string) => string | undefined])[] = [
  ['Title', 256, (title) => rendered({ title }).Title],
  ['Description', 1024, (reason) => rendered({ reason }).Description],
  ['StatusReasons', 1024, (reason) => rendered({ reason }).Compliance?.StatusReasons?.[0]?.Description],
  ['GeneratorId', 512, (text) => rendered({ rule: text.slice('pullpath/'.length) }).GeneratorId],
  ['Recommendation', 512, (text) => rendered({ remediation: { text } }).Remediation?.Recommendation?.Text],
  ['an assumption', 1024, (text) => rendered({ assumptions: [text] }).ProductFields?.['pullpath/assumption/1']],
  [
    'evidence',
    1024,
    (text) => rendered({ evidence: [line(text.slice('s: '.length))] }).ProductFields?.['pullpath/evidence/1'],
  ],
  [
    'a resource type',
    1024,
    (type) => rendered({ resource: { ...resource, type } }).Resources?.[0]?.Details?.Other?.resourceType,
  ],
]

describe('the limits of Security Hub', () => {
  it.each(texts.flatMap(([name, max, write]) => [-1, 0, 1].map((off) => [name, max + off, max, write] as const)))(
    'C6 %s of %i characters is written with at most %i, cut with an ellipsis',
    (_name, length, max, write) => {
      const written = write('a'.repeat(length))!
      expect(written.length).toBe(Math.min(length, max))
      expect(written.endsWith('…')).toBe(length > max)
    },
  )

  it.each([
    [19, 19],
    [20, 20],
    [21, 20],
  ])('C6 of %i lines of evidence and of assumptions %i are written', (count, written) => {
    const lines = Array.from({ length: count }, (_, n) => `${n}`)
    const fields = Object.keys(rendered({ evidence: lines.map(line), assumptions: lines }).ProductFields ?? {})
    expect(fields.filter((name) => name.startsWith('pullpath/evidence/')).length).toBe(written)
    expect(fields.filter((name) => name.startsWith('pullpath/assumption/')).length).toBe(written)
    expect(fields.length).toBeLessThanOrEqual(50)
  })

  it('C6 whatever a finding says, Security Hub and the publisher take it', async () => {
    const edge = fc.constantFrom(0, 1, 127, 128, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 5_000)
    const unit = fc.constantFrom('a', '"', '\\', 'é', '漢', '😀', '\u0000', '\n', '\uD800', '\uFFFF', ' ')
    const text = fc.tuple(edge, fc.array(unit, { minLength: 1, maxLength: 3 })).map(([length, units]) => {
      return units.join('').repeat(length).slice(0, length)
    })
    const some = fc.record({
      rule: fc.stringMatching(/^[a-z][a-z-]{0,60}$/),
      title: text,
      reason: text,
      evidence: fc.array(fc.record({ source: text, detail: text }), { maxLength: 22 }),
      assumptions: fc.array(text, { maxLength: 22 }),
      remediation: fc.record({ text }),
      compliance: fc.constantFrom('COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'UNDETERMINED'),
      resource: fc.record({
        type: fc.oneof(fc.constant('AWS::ECR::Repository'), fc.constant('AWS::IAM::Role'), text),
        ...{ id: text, arn: text, accountId: fc.constant(accountId), region: fc.constantFrom(region, 'global') },
      }),
    })
    await fc.assert(
      fc.asyncProperty(some, async (extra) => {
        const body = messageBody(rendered(extra as Partial<Finding>))
        expect(Buffer.byteLength(body)).toBeLessThan(240_000)
        expect(readMessage(body, { accountId, region }, new Date(noon)).id).toBe('pullpath/a')
        const hub = newHub()
        expect(await publisher(hub).publish([body])).toEqual([])
        expect(hub.held('pullpath/a')).toBeDefined()
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    [239_999, true],
    [240_000, true],
    [240_001, false],
  ])('C6 a finding of %i bytes is published: %s, and the one beside it in any case', async (bytes, taken) => {
    const hub = newHub()
    const base = { ...JSON.parse(bodyOf('big')), Other: '' }
    const room = bytes - Buffer.byteLength(JSON.stringify(base))
    const big = JSON.stringify({ ...base, Other: 'a'.repeat(room) })
    expect(await publisher(hub).publish([big, bodyOf('small')])).toEqual(taken ? [] : ['m0'])
    expect([hub.held('pullpath/big') !== undefined, hub.held('pullpath/small') !== undefined]).toEqual([taken, true])
  })

  it.each([
    [99, [99]],
    [100, [100]],
    [101, [100, 1]],
  ])('C6 %i findings are sent in calls of %j', async (count, calls) => {
    const hub = newHub()
    expect(await publisher(hub).publish(Array.from({ length: count }, (_, n) => bodyOf(`id${n}`)))).toEqual([])
    expect(hub.calls.map((call) => call.length)).toEqual(calls)
  })

  it.each([
    [-1, [26]],
    [0, [26]],
    [1, [25, 1]],
  ])('C6 findings of %i bytes more than a call may hold are sent in calls of %j', (over, calls) => {
    const limit = 5_990_000
    const base = JSON.parse(bodyOf('a'))
    const sized = (bytes: number) => {
      const filled = { ...base, Other: '' }
      return { ...filled, Other: 'a'.repeat(bytes - Buffer.byteLength(JSON.stringify(filled))) }
    }
    // Each counts with its comma.
    const each = Math.floor(limit / 26) - 1
    const last = limit - 25 * (each + 1) - 1 + over
    const findings = [...Array.from({ length: 25 }, () => sized(each)), sized(last)]
    const { batches, tooLarge } = batchesOf(findings)
    expect([batches.map((batch) => batch.length), tooLarge]).toEqual([calls, []])
    for (const batch of batches) expect(Buffer.byteLength(JSON.stringify({ Findings: batch }))).toBeLessThan(6_000_000)
  })
})
