import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import type { Fact } from '../../shared/model/fact.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { compliant, noncompliant, undetermined, type Verdict } from '../../shared/model/verdict.ts'
import { defineRule } from '../../shared/rules/define-rule.ts'
import {
  blockPublicAccess,
  home,
  interfaceEndpoint,
  inventoryOf,
  policyArn,
  role,
  roleArn,
  taskDefinition,
  vpc,
} from './builders.ts'
import { sureWithout } from './rule-cases.ts'

type Decide = (inventory: Inventory) => Verdict

const meta = {
  id: 'made-up',
  area: 'role',
  title: 'Made up',
  severity: 'LOW',
  why: 'It is a test.',
  fix: 'Nothing.',
  reads: [],
  triggers: { change: true, scheduled: false, calls: [] },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/',
  parameters: z.object({}),
} as const

const noSets = {
  ownAccounts: new Set<string>(),
  organizationAccounts: new Set<string>(),
  trustedAccounts: new Set<string>(),
}

/** What a rule for task definitions that decides like this is sure without. */
function without(decide: Decide): readonly string[] {
  const inventory = inventoryOf([taskDefinition({ executionRole: 'exec' }), role({ name: 'exec' })])
  const rule = defineRule({
    ...meta,
    judges: 'AWS::ECS::TaskDefinition',
    evaluate: (_, context) => decide(context.inventory),
  })
  const [definition] = inventory.taskDefinitions
  const context = { inventory, organization: noSets, settings: defaultSettings, parameters: {} }
  return sureWithout(rule, definition!, context)
}

function humble(fact: Fact<unknown>): Verdict {
  return fact.state === 'unknown' ? undetermined(fact) : compliant('it is there')
}

function careless(fact: Fact<unknown>): Verdict {
  return fact.state === 'known' ? compliant('it is there') : noncompliant('it is not there')
}

describe('a rule that looks something up', () => {
  it.each<[string, (inventory: Inventory) => Fact<unknown>]>([
    ['inventory.role', (inventory) => inventory.role(roleArn('exec'), home)],
    ['inventory.managedPolicy', (inventory) => inventory.managedPolicy(policyArn('p'))],
    ['inventory.repository', (inventory) => inventory.repository('app', home)],
  ])('with %s has to be open when the answer is unknown', (name, lookUp) => {
    expect(without((inventory) => careless(lookUp(inventory)))).toEqual([name])
    expect(without((inventory) => humble(lookUp(inventory)))).toEqual([])
  })

  it.each<[string, (inventory: Inventory) => Fact<unknown>]>([
    ['network.listing', ({ network }) => network.listing('AWS::EC2::VPCEndpoint', home)],
    ['network.blockPublicAccess', ({ network }) => network.blockPublicAccess(home.accountId, home.region)],
  ])('with %s has to be open when it judges VPCs', (name, lookUp) => {
    const inventory = inventoryOf([vpc(), interfaceEndpoint(), blockPublicAccess()])
    const sureOf = (decide: Decide) => {
      const rule = defineRule({ ...meta, judges: 'AWS::EC2::VPC', evaluate: (_, context) => decide(context.inventory) })
      const context = { inventory, organization: noSets, settings: defaultSettings, parameters: {} }
      return sureWithout(rule, inventory.network.vpcs[0]!, context)
    }
    expect(sureOf((one) => careless(lookUp(one)))).toEqual([name])
    expect(sureOf((one) => humble(lookUp(one)))).toEqual([])
  })

  it('owes nothing for a lookup it does not make', () => {
    expect(without(() => compliant('always'))).toEqual([])
  })
})
