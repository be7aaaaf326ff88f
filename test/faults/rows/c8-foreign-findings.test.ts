// Row C8 of the fault matrix: no finding of another account leaves this one, whatever comes with it.
import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { importEach } from '../../../shared/sinks/security-hub/import-each.ts'
import { importFindings } from '../../../shared/sinks/security-hub/import-findings.ts'
import { accountId, bodyOf, publisher, region } from '../../lambdas/finding-publisher/scenario.ts'
import { Refusal } from '../../support/fake-aws/refusal.ts'
import { type FakeSecurityHub, fakeSecurityHub } from '../../support/fake-aws/security-hub.ts'
import { numRuns } from '../runs.ts'

const now = Date.parse('2026-03-01T12:00:00.000Z')
const productOf = (account: string, of = region) => `arn:aws:securityhub:${of}:${account}:product/${account}/default`
const own = JSON.parse(bodyOf('a')) as AwsSecurityFinding & Record<string, unknown>

/** What stands where the account of a finding does; anything but the account itself is another one. */
const owners = fc.oneof(
  fc.constant(accountId),
  fc.constantFrom('999999999999', '', ` ${accountId}`, `${accountId} `, `${accountId}0`, accountId.slice(1), '*'),
  fc.stringMatching(/^\d{12}$/),
  fc.constantFrom<unknown>(null, undefined, Number(accountId), [accountId], { toString: accountId }, true),
)
const products = fc.oneof(
  fc.constant(productOf(accountId)),
  fc.constantFrom(
    productOf('999999999999'),
    productOf(accountId, 'us-east-1'),
    `arn:aws:securityhub:${region}:${accountId}:product/999999999999/default`,
    `arn:aws:securityhub:${region}::product/aws/guardduty`,
  ),
)
const regions = fc.constantFrom<unknown>(region, region, region, undefined, 'us-east-1', '')

const batches = fc
  .array(fc.record({ AwsAccountId: owners, ProductArn: products, Region: regions, id: fc.nat(40) }), { maxLength: 30 })
  .map((parts) => parts.map(({ id, ...part }) => ({ ...own, ...part, Id: `pullpath/${id}`, isOwn: isOwn(part) })))

function isOwn(part: {
  readonly AwsAccountId: unknown
  readonly ProductArn: string
  readonly Region: unknown
}): boolean {
  const isHere = part.Region === undefined || part.Region === region
  return part.AwsAccountId === accountId && part.ProductArn === productOf(accountId) && isHere
}

const troubles = fc.constantFrom('none', 'throttled', 'invalid', 'refused', 'off')
/** A Security Hub that may take only some, or nothing, of what it gets. */
function hubIn(trouble: string): FakeSecurityHub {
  const hub = fakeSecurityHub({ accountId, region, now: () => now })
  if (trouble === 'off') hub.enabled = false
  if (trouble === 'throttled') hub.failing = ({ Id }) => (Id.endsWith('1') ? 'Throttling' : undefined)
  if (trouble === 'invalid') hub.failing = ({ Id }) => (Id.endsWith('1') ? 'InvalidInput' : undefined)
  if (trouble === 'refused')
    hub.refusing = (call) => (call % 2 === 1 ? new Refusal('InvalidInputException') : undefined)
  return hub
}
const sent = (hub: FakeSecurityHub) => hub.calls.flat()
const patience = { sleep: async () => undefined, random: () => 0 }

it('C8 the publisher sends no finding of another account, product or region, whatever the batch, and gives its message back', async () => {
  await fc.assert(
    fc.asyncProperty(batches, troubles, async (batch, trouble) => {
      const hub = hubIn(trouble)
      const bodies = batch.map(({ isOwn: _, ...finding }) => JSON.stringify(finding))
      const failed = await publisher(hub, () => now).publish(bodies)
      for (const one of sent(hub)) {
        expect([one.AwsAccountId, one.ProductArn]).toEqual([accountId, productOf(accountId)])
        expect([undefined, region]).toContain(one.Region)
      }
      for (const [n, one] of batch.entries()) if (!one.isOwn) expect(failed).toContain(`m${n}`)
      // And it is no reason to keep the others.
      const ids = new Set(batch.filter((one) => one.isOwn).map(({ Id }) => Id))
      expect(new Set(sent(hub).map(({ Id }) => Id))).toEqual(ids)
    }),
    { numRuns: numRuns(300) },
  )
})

it('C8 the sinks send no finding of another account, whatever the batch', async () => {
  await fc.assert(
    fc.asyncProperty(batches, troubles, async (batch, trouble) => {
      const unique = [...new Map(batch.map((one) => [one.Id, one])).values()]
      const findings = unique.map(({ isOwn: _, ...one }) => one as unknown as AwsSecurityFinding)
      const isForeign = (one: AwsSecurityFinding) => one.AwsAccountId !== accountId
      const each = hubIn(trouble)
      const outcome = await importEach(
        { client: each.client, accountId, timeLeft: () => 60_000, ...patience },
        findings,
      )
      expect(sent(each).filter((one) => one.AwsAccountId !== accountId)).toEqual([])
      const refused = outcome.invalid.filter(({ code }) => code === 'ForeignAccount').map(({ id }) => id)
      expect(refused).toEqual(findings.filter(isForeign).map(({ Id }) => Id))
      // Where one call has all of them, one that is foreign stops it.
      const all = hubIn(trouble)
      const whole = importFindings({ client: all.client, accountId, ...patience }, findings)
      if (findings.some(isForeign)) await expect(whole).rejects.toThrow('belongs to another account')
      else await whole.catch(() => undefined)
      expect(sent(all).filter((one) => one.AwsAccountId !== accountId)).toEqual([])
      if (findings.some(isForeign)) expect(all.calls).toEqual([])
    }),
    { numRuns: numRuns(300) },
  )
})
