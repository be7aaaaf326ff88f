import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rules } from '../../../shared/rules/index.ts'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { basis, changeEvent, closedPolicy, invoke, openPolicy, scheduledEvent } from './scenario.ts'

const ruleId = 'ecr-repository-not-public'
const ofAccount = 'ecr-registry-enhanced-scanning'
const account = '111122223333'
const text = 'Settings switch this rule off.'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
  fake.state.repositories.set('bad', openPolicy).set('good', closedPolicy)
})
afterEach(() => fake.close())

const off = (id: string) => JSON.stringify({ rules: { [id]: { enabled: false } } })
async function run(event: Record<string, unknown>, settings = '', id = ruleId) {
  fake.evaluations.length = 0
  fake.calls.length = 0
  await invoke(fake, { ...event, ruleParameters: JSON.stringify({ ruleId: id }) }, { rules, settings })
}
const sweep = (settings = '', id = ruleId) => run(scheduledEvent(), settings, id)
const told = () =>
  fake.evaluations.map((one) => [one.ComplianceResourceId.split('/').at(-1), one.ComplianceType, one.Annotation])
const imported = () =>
  fake.calls
    .filter(({ operation }) => operation === 'BatchImportFindings')
    .flatMap(({ body }) =>
      body.Findings.map((one: { Resources: { Id: string }[]; RecordState: string; Compliance: { Status: string } }) => [
        one.Resources[0]?.Id.split('/').at(-1),
        one.RecordState,
        one.Compliance.Status,
      ]),
    )

describe('a rule that settings switch off', () => {
  it('takes back in its next sweep what it said before, and then says nothing', async () => {
    await sweep()
    expect(told().map(([id, compliance]) => [id, compliance])).toEqual([
      ['bad', 'NON_COMPLIANT'],
      ['good', 'COMPLIANT'],
      [account, 'NOT_APPLICABLE'],
    ])
    await sweep(off(ruleId))
    expect(told().filter(([id]) => id !== account)).toEqual([
      ['bad', 'NOT_APPLICABLE', text],
      ['good', 'NOT_APPLICABLE', text],
    ])
    expect(told().at(-1)).toEqual([account, 'NOT_APPLICABLE', `${text} ${basis(off(ruleId))}`])
    expect(imported()).toEqual([
      ['bad', 'ARCHIVED', 'PASSED'],
      ['good', 'ARCHIVED', 'PASSED'],
      [account, 'ARCHIVED', 'PASSED'],
    ])
    await sweep(off(ruleId))
    expect(told()).toEqual([])
    expect(imported()).toEqual([])
  })

  it('judges as before once it is on again', async () => {
    await sweep()
    await sweep(off(ruleId))
    await sweep()
    expect(
      told()
        .slice(0, 2)
        .map(([id, compliance]) => [id, compliance]),
    ).toEqual([
      ['bad', 'NON_COMPLIANT'],
      ['good', 'COMPLIANT'],
    ])
    expect(imported()).toContainEqual(['bad', 'ACTIVE', 'FAILED'])
  })

  it('is taken back although what it rests on cannot be read', async () => {
    await sweep()
    fake.state.plan = (operation) =>
      operation === 'GetRegistryPolicy' ? { error: 'AccessDeniedException', status: 400 } : undefined
    await sweep(off(ruleId))
    expect(told().filter(([id]) => id !== account)).toEqual([
      ['bad', 'NOT_APPLICABLE', text],
      ['good', 'NOT_APPLICABLE', text],
    ])
  })

  it('looks at nothing that has changed', async () => {
    await run(changeEvent(), off(ruleId))
    expect(fake.calls).toEqual([])
    expect(fake.evaluations).toEqual([])
  })

  it('says nothing of the account that it judges', async () => {
    await sweep('', ofAccount)
    expect(told().at(-1)?.slice(0, 2)).toEqual([account, 'NON_COMPLIANT'])
    expect(imported()).toEqual([[account, 'ACTIVE', 'FAILED']])
    await sweep(off(ofAccount), ofAccount)
    expect(told().at(-1)).toEqual([account, 'NOT_APPLICABLE', text])
    expect(imported()).toEqual([[account, 'ARCHIVED', 'PASSED']])
  })

  it('leaves all others as they are', async () => {
    await sweep(off('ecr-repository-tags-immutable'))
    expect(told().map(([, compliance]) => compliance)).toEqual(['NON_COMPLIANT', 'COMPLIANT', 'NOT_APPLICABLE'])
  })

  it('is swept, whichever it is: nothing else would take its results back', () => {
    expect(rules.filter(({ triggers }) => !triggers.scheduled)).toEqual([])
  })
})
