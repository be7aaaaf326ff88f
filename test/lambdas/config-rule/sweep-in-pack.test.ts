import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefreshDay } from '../../../lambdas/config-rule/comparison.ts'
import { type FakePack, serveCompliance, servePack } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, type Fault, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  accountFindingId,
  basis,
  changeEvent,
  closedPolicy,
  type InvokeOptions,
  invoke,
  openPolicy,
  scheduledEvent,
} from './scenario.ts'

const account = '111122223333'
const packedName = 'pullpath-probe-repository-closed-to-everybody-conformance-pack-0a1b2c3d4'
const byPack = 'GetConformancePackComplianceDetails'
const byResource = 'GetComplianceDetailsByResource'
const byRule = 'GetComplianceDetailsByConfigRule'

let fake: FakeAws
let shown: FakePack
beforeEach(async () => {
  fake = await startFakeAws()
  shown = servePack(fake, 'pullpath', packedName)
  fake.state.repositories.set('a', openPolicy).set('b', closedPolicy).set('c', undefined)
})
afterEach(() => fake.close())

const day = (n: number) => new Date(Date.UTC(2026, 2, n, 11)).toISOString()
const environment = { PULLPATH_CONFORMANCE_PACK: 'pullpath' }
/** The sweep of a day of March 2026 for the rule of that name, and what it wrote. */
async function sweepOn(n: number, options: InvokeOptions = {}, configRuleName = packedName) {
  fake.evaluations.length = 0
  fake.calls.length = 0
  await invoke(fake, { ...scheduledEvent(day(n)), configRuleName }, { now: day(n), environment, ...options })
  return fake.evaluations.filter((one) => !isProof(one, n)).map((one) => [one.ComplianceResourceId, one.ComplianceType])
}
/** The account's result, written as it stood to see whether the result token is good. */
const isProof = (one: { OrderingTimestamp: number; Annotation?: string }, n: number) =>
  one.OrderingTimestamp < Date.parse(day(n)) / 1000 || one.Annotation?.includes('(not yet)')
const imported = () =>
  fake.calls
    .filter(({ operation }) => operation === 'BatchImportFindings')
    .flatMap(({ body }) =>
      body.Findings.map((one: { Resources: { Id: string }[] }) => one.Resources[0]?.Id.split('/').at(-1)),
    )
const asked = () =>
  fake.calls.map(({ operation }) => operation).filter((one) => [byPack, byResource, byRule].includes(one))
const failing = (operation: string, fault: Fault) => {
  fake.state.plan = (one) => (one === operation ? fault : undefined)
}
const heartbeat = [account, 'NOT_APPLICABLE']
/** Nothing is sent again only because time has passed. */
const quiet = (n: number) => !isRefreshDay(accountFindingId('probe-repository-closed'), day(n))
const [one = 0, two = 0] = [...Array(25).keys()].map((n) => n + 2).filter(quiet)

describe('the sweep of a rule in a conformance pack', () => {
  it('writes everything the first time, and only the heartbeat when nothing has changed', async () => {
    expect(await sweepOn(1)).toEqual([['a', 'NON_COMPLIANT'], ['b', 'COMPLIANT'], ['c', 'COMPLIANT'], heartbeat])
    expect(imported()).toEqual(['a', 'b', 'c', account])
    expect(await sweepOn(one)).toEqual([heartbeat])
    expect(imported()).toEqual([])
    expect(asked()).toEqual([byResource, byPack])
  })

  it('writes a verdict that has changed, whatever another rule of the pack shows', async () => {
    await sweepOn(1)
    fake.state.repositories.set('a', closedPolicy)
    shown.others.push({
      ...fake.compliance.get('AWS::ECR::Repository b'),
      ...{ ComplianceResourceId: 'a', ComplianceType: 'COMPLIANT' },
    })
    expect(await sweepOn(one)).toEqual([['a', 'COMPLIANT'], heartbeat])
    expect(imported()).toEqual(['a'])
  })

  it('takes back what is gone, after it has looked', async () => {
    await sweepOn(1)
    fake.state.repositories.delete('a')
    expect(await sweepOn(one)).toEqual([['a', 'NOT_APPLICABLE'], heartbeat])
    expect([...fake.findings.values()].find((found) => found.Resources[0].Id.endsWith('/a')).RecordState).toBe(
      'ARCHIVED',
    )
    expect(await sweepOn(two)).toEqual([heartbeat])
  })

  it('sends a finding again whose change event failed half-way', async () => {
    await sweepOn(1)
    fake.state.repositories.set('a', closedPolicy)
    failing('BatchImportFindings', { error: 'InternalException', status: 500 })
    const item = { resourceId: 'a', resourceName: 'a', ARN: null, configurationItemCaptureTime: day(one) }
    await expect(invoke(fake, changeEvent({ item }), { now: day(one), environment })).rejects.toThrow(
      'InternalException',
    )
    fake.state.plan = () => undefined
    expect(await sweepOn(two)).toEqual([heartbeat])
    expect(imported()).toEqual(['a'])
  })

  it('sends every finding when AWS Config does not show the result on the account', async () => {
    await sweepOn(1)
    shown.keeps = () => false
    expect(await sweepOn(one)).toEqual([heartbeat])
    expect(imported()).toEqual(['a', 'b', 'c', account])
  })

  it.each<[string, string, Fault, string]>([
    ['denied', byPack, { error: 'AccessDeniedException' }, 'AccessDeniedException'],
    ['throttled', byPack, { error: 'ThrottlingException' }, 'ThrottlingException'],
    ['of no such pack', byPack, { error: 'NoSuchConformancePackException' }, 'NoSuchConformancePackException'],
    ['not as documented', byPack, { answer: {} }, 'MalformedAnswer'],
    ['denied', byResource, { error: 'AccessDeniedException' }, 'AccessDeniedException'],
    ['throttled', byResource, { error: 'ThrottlingException' }, 'ThrottlingException'],
    ['not as documented', byResource, { answer: {} }, 'MalformedAnswer'],
  ])(
    'writes everything when the results before are %s (%s), marks nothing gone, and says so',
    async (_name, operation, fault, error) => {
      await sweepOn(1)
      fake.state.repositories.delete('a')
      failing(operation, fault)
      const warned: object[] = []
      const written = await sweepOn(one, { warn: (_message, fields) => warned.push(fields) })
      expect(written).toEqual([['b', 'COMPLIANT'], ['c', 'COMPLIANT'], heartbeat])
      expect(imported()).toEqual(['b', 'c', account])
      const reason = `config:${operation} failed with ${error}`
      expect(fake.evaluations.at(-1).Annotation).toBe(
        `2 resources of type AWS::ECR::Repository were judged one by one. ${basis()} Not compared with the results before: ${reason}.`,
      )
      expect(warned).toEqual([{ rule: 'probe-repository-closed', reason }])
      expect(fake.compliance.get('AWS::ECR::Repository a').ComplianceType).toBe('NON_COMPLIANT')
    },
  )
})

it('a rule of a pack whose name is short enough is asked for by its name', async () => {
  serveCompliance(fake)
  await sweepOn(1, {}, 'pullpath-probe')
  expect(await sweepOn(one, {}, 'pullpath-probe')).toEqual([heartbeat])
  expect(asked()).toEqual([byRule])
})

it('a long name outside of a pack is compared with nothing, and the account says so', async () => {
  await sweepOn(1, { environment: {} })
  expect(asked()).toEqual([])
  expect(fake.evaluations.at(-1).Annotation).toContain('takes no rule name longer than 64 characters')
})

it('a variable that names no pack is refused by its name', async () => {
  const variables = { PULLPATH_CONFORMANCE_PACK: 'not a pack' }
  await expect(sweepOn(1, { environment: variables })).rejects.toThrow(
    'environment variable PULLPATH_CONFORMANCE_PACK: expected the name of a conformance pack',
  )
  expect(fake.evaluations).toEqual([])
})
