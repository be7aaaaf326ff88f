import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveCompliance } from '../../support/fake-aws/config-compliance.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import {
  adminPolicy,
  audit,
  changeOf,
  held,
  policyArn,
  pullPolicy,
  role,
  roleId,
  sweepOf,
  told,
} from './role-scenario.ts'

const ruleId = 'role-registry-admin-restricted'
const names = [...Array(150).keys()].map((n) => `role-${100 + n}`)
const account = '111122223333'

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws()
  serveCompliance(fake)
  fake.state.iam.roles.push(role('auditor', undefined), ...names.map((name) => role(name, pullPolicy('app'))))
  await audit(fake, sweepOf(ruleId))
  forget()
})
afterEach(() => fake.close())

function forget() {
  fake.evaluations.length = 0
  fake.calls.length = 0
}
function makeAdmin(name: string) {
  const at = fake.state.iam.roles.findIndex((one) => one.name === name)
  fake.state.iam.roles[at] = role(name, adminPolicy)
}
const policyChange = (more: Record<string, unknown> = {}) =>
  changeOf(ruleId, {
    ...{ resourceType: 'AWS::IAM::Policy', resourceId: 'ANPA1', resourceName: 'p', ARN: policyArn('p') },
    ...{ awsRegion: 'global', configurationItemCaptureTime: '2026-03-01T11:30:00.000Z', ...more },
  })
const sent = () =>
  fake.calls.filter(({ operation }) => operation === 'BatchImportFindings').flatMap(({ body }) => body.Findings)
const failed = () => held(fake).filter(([, status]) => status === 'FAILED')

describe('a policy that 150 roles may have', () => {
  it('changes and changes nothing: AWS Config and Security Hub are told nothing', async () => {
    await audit(fake, policyChange())
    expect(told(fake)).toEqual([])
    expect(sent()).toEqual([])
  })

  it('changes what one role may do: that one is written, and nothing else', async () => {
    makeAdmin('role-107')
    await audit(fake, policyChange())
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('role-107'), 'NON_COMPLIANT']])
    expect(sent()).toHaveLength(1)
    expect(failed()).toHaveLength(1)
  })

  it('changes and the results before cannot be read: everything is written', async () => {
    fake.state.plan = (operation) =>
      operation === 'GetComplianceDetailsByConfigRule' ? { error: 'AccessDeniedException', status: 400 } : undefined
    await audit(fake, policyChange())
    expect(told(fake)).toHaveLength(152)
    // The account comes after Security Hub, as in a sweep.
    expect(told(fake).at(-1)).toEqual(['AWS::::Account', account, 'NOT_APPLICABLE'])
    expect(sent()).toHaveLength(152)
  })

  it('C12 changes and Security Hub fails: the next attempt sends what AWS Config already shows', async () => {
    makeAdmin('role-107')
    fake.state.plan = (operation) =>
      operation === 'BatchImportFindings' ? { error: 'InternalException', status: 500 } : undefined
    await expect(audit(fake, policyChange())).rejects.toThrow('InternalException')
    expect(told(fake)).toEqual([['AWS::IAM::Role', roleId('role-107'), 'NON_COMPLIANT']])
    fake.state.plan = () => undefined
    forget()
    await audit(fake, policyChange())
    expect(failed()).toHaveLength(1)
    expect(sent()).toHaveLength(1)
    // Only what shows that the result token is good.
    expect(told(fake)).toEqual([['AWS::::Account', account, 'NOT_APPLICABLE']])
  })

  it('C4 changes and the result token is refused: Security Hub hears nothing', async () => {
    makeAdmin('role-107')
    await audit(fake, policyChange())
    forget()
    fake.state.token = 'another'
    fake.compliance.get(`AWS::IAM::Role ${roleId('role-107')}`).ComplianceType = 'COMPLIANT'
    await expect(audit(fake, policyChange())).rejects.toThrow('refused the result token')
    expect(sent()).toEqual([])
  })

  it('changes and roles cannot be listed: the account says so, and no longer vouches for what was sent', async () => {
    fake.state.plan = (operation) =>
      operation === 'GetAccountAuthorizationDetails' || operation === 'ListRoles'
        ? { error: 'AccessDenied', status: 403 }
        : undefined
    await audit(fake, policyChange())
    // The first shows that the result token is good.
    expect(told(fake)).toEqual([
      ['AWS::::Account', account, 'NOT_APPLICABLE'],
      ['AWS::::Account', account, 'NON_COMPLIANT'],
    ])
    fake.state.plan = () => undefined
    forget()
    await audit(fake, sweepOf(ruleId))
    expect(sent()).toHaveLength(152)
  })
})
