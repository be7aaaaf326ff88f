import { describe, expect, test } from 'vitest'
import { guardrailsOf } from '../../shared/pull/guardrails.ts'
import { managedPolicyDocument } from '../../shared/pull/managed-policy-document.ts'
import { layersOfRepository } from '../../shared/pull/repository-layers.ts'
import { layersOfRole } from '../../shared/pull/role-layers.ts'
import {
  customerPolicy,
  type EstatePart,
  elsewhere,
  fullAccess,
  home,
  inventoryOf,
  managedPolicy,
  notListed,
  organization,
  policy,
  policyArn,
  registryPolicy,
  repository,
  role,
} from '../support/builders.ts'
import { roleIn } from './pull-world.ts'

const pullAll = policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' })
const pullOnly = 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'
const layersIn = (...parts: readonly EstatePart[]) => {
  const inventory = inventoryOf(parts)
  return layersOfRole(inventory, roleIn(inventory))
}
const namesOf = (documents: readonly { readonly name: string; readonly state: string }[]) =>
  documents.map(({ name, state }) => `${state} ${name}`)

describe('the documents of a role', () => {
  test('are its inline and attached policies, each named after where it is', () => {
    const layers = layersIn(
      role({ inline: { a: pullAll, b: pullAll }, attached: [policyArn('c'), pullOnly] }),
      customerPolicy('c', pullAll),
    )
    expect(namesOf(layers.identityPolicies)).toEqual([
      'known inline policy a of role app',
      'known inline policy b of role app',
      'known managed policy c',
      'known AWS-managed policy AmazonEC2ContainerRegistryPullOnly',
    ])
    expect(layers.permissionsBoundaries).toBeUndefined()
    expect(layers.assumptions).toEqual([])
  })

  test('include what the capture of a policy of AWS is, with its date', () => {
    const { evidence } = layersIn(role({ attached: [pullOnly] }))
    expect(evidence.map(({ source }) => source)).toEqual(['AWS-managed policy AmazonEC2ContainerRegistryPullOnly'])
    expect(evidence[0]?.detail).toMatch(/^version v\d+ as captured on \d{4}-\d\d-\d\d \(arn:aws:iam::aws:policy\//)
  })

  test('include the boundary as the only member of its layer', () => {
    const { permissionsBoundaries } = layersIn(role({ boundary: policyArn('limit') }), customerPolicy('limit', pullAll))
    expect(namesOf(permissionsBoundaries ?? [])).toEqual(['known managed policy limit'])
  })

  test('name a boundary that the inventory lacks', () => {
    const { permissionsBoundaries } = layersIn(role({ boundary: policyArn('limit') }))
    expect(permissionsBoundaries).toEqual([
      { state: 'unknown', name: 'managed policy limit', reason: `${policyArn('limit')} is not in the inventory` },
    ])
  })

  test('stand as one unknown document when a list of them was not read', () => {
    const layers = layersIn(role({ configuration: { rolePolicyList: null, attachedManagedPolicies: null } }))
    expect(namesOf(layers.identityPolicies)).toEqual([
      'unknown inline policies of role app',
      'unknown managed policies of role app',
    ])
  })

  test('include an unknown boundary when it cannot be read', () => {
    const { permissionsBoundaries } = layersIn(role({ configuration: { permissionsBoundary: 7 } }))
    expect(namesOf(permissionsBoundaries ?? [])).toEqual(['unknown permissions boundary of role app'])
  })

  test('are told apart by role and inventory, and made once', () => {
    const inventory = inventoryOf([role(), role({ name: 'other', inline: { a: pullAll } })])
    const one = layersOfRole(inventory, roleIn(inventory, 'app'))
    expect(layersOfRole(inventory, roleIn(inventory, 'app'))).toBe(one)
    expect(layersOfRole(inventory, roleIn(inventory, 'other')).identityPolicies).toHaveLength(1)
    expect(layersOfRole(inventory, { ...roleIn(inventory, 'app') })).not.toBe(one)
  })
})

describe('a managed policy', () => {
  test('that the inventory carries wins over the capture', () => {
    const inventory = inventoryOf([managedPolicy(pullOnly, policy())])
    const { document, evidence } = managedPolicyDocument(inventory, pullOnly)
    expect(document).toMatchObject({ state: 'known', policy: { statements: [] } })
    expect(evidence).toEqual([])
  })

  test('of AWS that nobody knows is unknown', () => {
    const arn = 'arn:aws:iam::aws:policy/NewPolicyOfTomorrow'
    expect(managedPolicyDocument(inventoryOf([]), arn).document).toMatchObject({
      state: 'unknown',
      name: 'AWS-managed policy NewPolicyOfTomorrow',
    })
  })

  test('of another partition reads as the commercial one, which is an assumption', () => {
    const arn = 'arn:aws-cn:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'
    const { document, assumptions } = managedPolicyDocument(inventoryOf([]), arn)
    expect(document.state).toBe('known')
    expect(assumptions).toEqual([
      'assumes that the AWS-managed policy AmazonEC2ContainerRegistryPullOnly reads in partition aws-cn as in the commercial one',
    ])
  })

  test('of AWS without statements on ECR is known and empty', () => {
    const { document, evidence } = managedPolicyDocument(
      inventoryOf([]),
      'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy',
    )
    expect(document).toMatchObject({ state: 'known', policy: { statements: [] } })
    expect(evidence[0]?.detail).toMatch(/it holds no statement on ECR$/)
  })
})

describe('the guardrails of an account', () => {
  const full = { name: 'FullAWSAccess', targets: ['r-1', home.accountId] }

  test('come level by level, root first', () => {
    const { organizationTree } = inventoryOf(
      organization({
        policies: [
          { ...full, content: fullAccess },
          { name: 'deny', content: pullAll, targets: ['r-1'] },
        ],
      }),
    )
    const { levels, assumptions } = guardrailsOf(organizationTree, home.accountId, 'SERVICE_CONTROL_POLICY')
    expect(levels?.map(({ orgIdentifier, policies }) => [orgIdentifier, ...policies.map(({ name }) => name)])).toEqual([
      ['r-1', 'service control policy FullAWSAccess', 'service control policy deny'],
      [home.accountId, 'service control policy FullAWSAccess'],
    ])
    expect(assumptions).toEqual([])
  })

  test('know what FullAWSAccess says when its content was not read', () => {
    const { organizationTree } = inventoryOf(organization({ policies: [full] }))
    const { levels } = guardrailsOf(organizationTree, home.accountId, 'SERVICE_CONTROL_POLICY')
    expect(levels?.[0]?.policies[0]).toMatchObject({
      state: 'known',
      policy: { statements: [{ effect: 'Allow', action: { patterns: ['*'] }, resource: { patterns: ['*'] } }] },
    })
  })

  test('do not guess what any other policy says', () => {
    const { organizationTree } = inventoryOf(
      organization({
        policies: [
          { ...full, content: fullAccess },
          { name: 'other', targets: ['r-1'] },
        ],
      }),
    )
    const { levels } = guardrailsOf(organizationTree, home.accountId, 'SERVICE_CONTROL_POLICY')
    expect(levels?.[0]?.policies[1]).toMatchObject({ state: 'unknown', name: 'service control policy other' })
  })

  test('are an assumption with its reason when they are not known', () => {
    const { organizationTree } = inventoryOf([notListed('AWS::Organizations::Policy')])
    const { levels, assumptions } = guardrailsOf(organizationTree, home.accountId, 'RESOURCE_CONTROL_POLICY')
    expect(levels).toBeUndefined()
    expect(assumptions).toHaveLength(1)
    expect(assumptions[0]).toMatch(
      /^assumes that no resource control policy binding account 111122223333 denies it \(.*AWS::Organizations::Policy.*\)$/,
    )
  })

  test('do not bind the management account', () => {
    const { organizationTree } = inventoryOf(organization({ management: home.accountId, accounts: {} }))
    expect(guardrailsOf(organizationTree, home.accountId, 'SERVICE_CONTROL_POLICY')).toEqual({
      levels: undefined,
      assumptions: [],
    })
  })
})

describe('the documents of a repository', () => {
  const place = { ...home, name: 'app' }

  test('are its policy and that of the registry, with its scope', () => {
    const inventory = inventoryOf([repository({ policy: pullAll }), registryPolicy(pullAll, 'V2')])
    const { resourcePolicies, assumptions } = layersOfRepository(inventory, place)
    expect(resourcePolicies.map(({ document, registryScope }) => [document.name, registryScope])).toEqual([
      ['repository policy of app (account 111122223333, eu-central-1)', undefined],
      ['registry policy of account 111122223333 in eu-central-1', 'V2'],
    ])
    expect(assumptions).toEqual([])
  })

  test('leave the scope of the registry policy open when it was not recorded', () => {
    const inventory = inventoryOf([repository(), registryPolicy(pullAll)])
    expect(layersOfRepository(inventory, place).resourcePolicies.map(({ registryScope }) => registryScope)).toEqual([
      'unknown',
    ])
  })

  test('are none where none is set', () => {
    expect(layersOfRepository(inventoryOf([repository()]), place).resourcePolicies).toEqual([])
  })

  test('are unknown where nobody looked, with account and region', () => {
    const { resourcePolicies } = layersOfRepository(inventoryOf([]), { ...place, accountId: '555555555555' })
    expect(resourcePolicies.map(({ document }) => `${document.state} ${document.name}`)).toEqual([
      'unknown repository policy of app (account 555555555555, eu-central-1)',
      'unknown registry policy of account 555555555555 in eu-central-1',
    ])
  })

  test('are those of the very account and region', () => {
    const inventory = inventoryOf([elsewhere(repository({ policy: pullAll }), { region: 'eu-west-1' }), repository()])
    expect(layersOfRepository(inventory, place).resourcePolicies).toEqual([])
  })

  test('of AWS’s own registries are assumed to let everybody pull, and nothing more', () => {
    const { resourcePolicies, assumptions, resourceControlPolicies } = layersOfRepository(inventoryOf([]), {
      ...place,
      accountId: '602401143452',
    })
    expect(resourcePolicies).toMatchObject([
      { document: { policy: { statements: [{ action: { patterns: { length: 3 } }, principal: { kind: 'any' } }] } } },
    ])
    expect(assumptions).toEqual(['assumes that AWS lets every account pull from its own registry 602401143452'])
    expect(resourceControlPolicies).toBeUndefined()
  })

  test('include the resource control policies of the owner, and what is assumed of them', () => {
    const estate = organization({
      policies: [{ name: 'rcp', type: 'RESOURCE_CONTROL_POLICY', content: pullAll, targets: ['r-1', home.accountId] }],
    })
    const bound = layersOfRepository(inventoryOf([repository(), ...estate]), place)
    expect(bound.resourceControlPolicies?.map(({ orgIdentifier }) => orgIdentifier)).toEqual(['r-1', home.accountId])
    expect(bound.assumptions).toEqual([])
    const unread = layersOfRepository(inventoryOf([repository(), notListed('AWS::Organizations::Policy')]), place)
    expect(unread).not.toHaveProperty('resourceControlPolicies')
    expect(unread.assumptions.map((text) => text.split(' (')[0])).toEqual([
      'assumes that no resource control policy binding account 111122223333 denies it',
    ])
  })

  test.each([
    ['V1', 'V1'],
    ['V2', 'V2'],
    ['V3', 'unknown'],
  ])('read the scope %s of a registry policy as %s', (policyScope, registryScope) => {
    const inventory = inventoryOf([repository(), registryPolicy(pullAll, policyScope as 'V1')])
    expect(layersOfRepository(inventory, place).resourcePolicies.map((one) => one.registryScope)).toEqual([
      registryScope,
    ])
  })
})

describe('what the documents of a role take for granted', () => {
  test('is told once, for managed policies and guardrails', () => {
    const chinese = 'arn:aws-cn:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'
    const parts = [role({ attached: [chinese], boundary: chinese }), notListed('AWS::Organizations::Policy')]
    const { assumptions } = layersIn(...parts)
    expect(assumptions).toHaveLength(2)
    expect(assumptions[0]).toContain('AmazonEC2ContainerRegistryPullOnly')
    expect(assumptions[1]).toMatch(/^assumes that no service control policy binding account 111122223333 denies it/)
  })

  test('comes with the account that manages the organization, which guardrails spare', () => {
    expect(layersIn(role(), ...organization()).managementAccountId).toBe('999999999999')
    expect(layersIn(role())).not.toHaveProperty('managementAccountId')
    expect(layersIn(role())).not.toHaveProperty('serviceControlPolicies')
  })
})
