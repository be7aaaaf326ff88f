import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Inventory } from '../../shared/inventory/inventory.ts'
import type { Fact } from '../../shared/model/fact.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { compliant, noncompliant, undetermined, type Verdict } from '../../shared/model/verdict.ts'
import { defineRule } from '../../shared/rules/define-rule.ts'
import { home, inventoryOf, policyArn, role, roleArn, taskDefinition } from './builders.ts'
import { sureWithout } from './rule-cases.ts'

type Decide = (inventory: Inventory) => Verdict

/** What a rule for task definitions that decides like this is sure without. */
function without(decide: Decide): readonly string[] {
  const inventory = inventoryOf([taskDefinition({ executionRole: 'exec' }), role({ name: 'exec' })])
  const rule = defineRule({
    id: 'made-up',
    area: 'role',
    title: 'Made up',
    severity: 'LOW',
    why: 'It is a test.',
    fix: 'Nothing.',
    judges: 'AWS::ECS::TaskDefinition',
    reads: [],
    triggers: { change: true, scheduled: false, calls: [] },
    frameworks: {},
    defaultEnabled: true,
    url: 'https://docs.aws.amazon.com/',
    parameters: z.object({}),
    evaluate: (_, context) => decide(context.inventory),
  })
  const sets = {
    ownAccounts: new Set<string>(),
    organizationAccounts: new Set<string>(),
    trustedAccounts: new Set<string>(),
  }
  const [definition] = inventory.taskDefinitions
  return sureWithout(rule, definition!, { inventory, organization: sets, settings: defaultSettings, parameters: {} })
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

  it('owes nothing for a lookup it does not make', () => {
    expect(without(() => compliant('always'))).toEqual([])
  })
})
