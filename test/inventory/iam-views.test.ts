import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildInventory } from '../../shared/inventory/build.ts'
import { managedPolicyOf } from '../../shared/inventory/iam-policy.ts'
import { roleOf } from '../../shared/inventory/iam-role.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'
import {
  customerPolicy,
  type EstatePart,
  elsewhere,
  home,
  instanceProfile,
  inventoryOf,
  listedIn,
  managedPolicy,
  notListed,
  policy,
  policyArn,
  role,
  roleArn,
  trustOf,
} from '../support/builders.ts'

const other = { accountId: '444455556666', region: 'eu-central-1' }
const document = policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' })
const pullOnly = 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'

function onlyRole(part: EstatePart) {
  const [first] = inventoryOf([part]).roles
  if (first === undefined) throw new Error('the estate has no role')
  return first
}

function source(json: JsonObject) {
  return known({ json, text: JSON.stringify(json), duplicateKeys: [] })
}

describe('a role', () => {
  it('has its documents decoded from URL encoding', () => {
    const part = role({
      name: 'exec',
      path: '/team/',
      inline: { pull: document },
      attached: [pullOnly],
      boundary: policyArn('edge'),
    })
    expect(onlyRole(part)).toMatchObject({
      name: 'exec',
      path: '/team/',
      ref: { arn: 'arn:aws:iam::111122223333:role/team/exec', region: 'global', type: 'AWS::IAM::Role' },
      trustPolicy: source(trustOf('ecs-tasks.amazonaws.com')),
      inlinePolicies: known([{ name: 'pull', document: source(document) }]),
      attachedPolicies: known([{ arn: pullOnly, name: 'AmazonEC2ContainerRegistryPullOnly' }]),
      permissionsBoundary: known(policyArn('edge')),
    })
  })

  it('reads documents given as objects, wrapped in a list, and lists of one unwrapped', () => {
    const configuration = {
      assumeRolePolicyDocument: [trustOf('ec2.amazonaws.com')],
      rolePolicyList: { policyName: 'pull', policyDocument: document },
      attachedManagedPolicies: { policyName: 'p', policyArn: pullOnly },
    }
    expect(onlyRole(role({ configuration }))).toMatchObject({
      trustPolicy: source(trustOf('ec2.amazonaws.com')),
      inlinePolicies: known([{ name: 'pull', document: source(document) }]),
      attachedPolicies: known([{ arn: pullOnly, name: 'p' }]),
      permissionsBoundary: absent(),
    })
  })

  it('is open about every property the source left out', () => {
    const part = role({
      name: 'bare',
      configuration: { assumeRolePolicyDocument: '', rolePolicyList: null, attachedManagedPolicies: null },
    })
    expect(onlyRole(part)).toMatchObject({
      trustPolicy: unknown(`the trust policy of ${roleArn('bare')} is missing`),
      inlinePolicies: unknown(`the inline policies of ${roleArn('bare')} are missing`),
      attachedPolicies: unknown(`the attached policies of ${roleArn('bare')} are missing`),
    })
  })

  it('with an inline policy that cannot be read keeps the others', () => {
    const fact = onlyRole(role({ inline: { broken: '%7B', good: document } })).inlinePolicies
    expect(fact).toEqual(
      known([
        { name: 'broken', document: unknown(`the inline policy broken of ${roleArn('app')} is not valid JSON`) },
        { name: 'good', document: source(document) },
      ]),
    )
  })

  it('with a boundary of an unknown shape has an unknown boundary, not none', () => {
    const part = role({ configuration: { permissionsBoundary: { type: 'Policy' } } })
    expect(onlyRole(part).permissionsBoundary).toEqual(
      unknown(`the permissions boundary of ${roleArn('app')} cannot be read`),
    )
  })
})

describe('looking a role up', () => {
  const estate = [role({ name: 'exec', path: '/team/' }), role({ name: 'exec2' })]

  it('finds an ARN only with its path and a bare name without', () => {
    const inventory = inventoryOf(estate)
    const found = inventory.role('arn:aws:iam::111122223333:role/team/exec', home)
    expect(found).toMatchObject({ state: 'known', value: { name: 'exec' } })
    expect(inventory.role('exec', home)).toEqual(found)
    expect(inventory.role('arn:aws:iam::111122223333:role/exec', home)).toEqual(absent())
    expect(inventory.role('EXEC', home)).toEqual(absent())
  })

  it('looks for a bare name in the account of the resource that names it', () => {
    const inventory = inventoryOf([...estate, elsewhere(role({ name: 'exec2' }), other)])
    expect(inventory.role('exec2', other)).toMatchObject({ value: { ref: { arn: roleArn('exec2', other.accountId) } } })
    expect(inventory.role('exec', other)).toEqual(absent())
  })

  it('is unknown when the roles of the account were not listed or nothing of it was read', () => {
    expect(inventoryOf([notListed('AWS::IAM::Role')]).role('gone', home)).toEqual(
      unknown('the role gone is not known: AWS::IAM::Role could not be listed'),
    )
    const arn = roleArn('exec', '777788889999')
    expect(inventoryOf(estate).role(arn, home)).toEqual(
      unknown(`the role ${arn} is not known: the roles of account 777788889999 were not read`),
    )
  })

  it('is unknown where not one role was read and only the recorder is trusted to record them', () => {
    const part = customerPolicy('pull', document)
    const normalized = 'item' in part ? normalizeItem(part.item) : undefined
    if (!normalized?.ok || normalized.deleted) throw new Error('expected an item')
    const types = ['AWS::IAM::Policy', 'AWS::IAM::Role']
    const inventory = buildInventory({ items: [normalized.item], types, assumeRecorded: true })
    const arn = roleArn('exec', home.accountId)
    expect(inventory.role(arn, home)).toEqual(
      unknown(`the role ${arn} is not known: no role of account 111122223333 was read`),
    )
  })

  it('is absent in another account whose roles were listed', () => {
    const inventory = inventoryOf(listedIn(other, 'AWS::IAM::Role'))
    expect(inventory.role(roleArn('exec', other.accountId), home)).toEqual(absent())
  })

  it('refuses what is no role', () => {
    const arn = 'arn:aws:iam::111122223333:user/exec'
    expect(inventoryOf(estate).role(arn, home)).toEqual(unknown(`${arn} does not name a role`))
  })

  it('takes the newest of two roles that had the same name', () => {
    const old = role({ name: 'exec' })
    const recent = role({ name: 'exec', path: '/a/' })
    if (!('item' in recent)) throw new Error('expected an item')
    const newer = { item: { ...recent.item, configurationItemCaptureTime: '2026-02-01T00:00:00Z' } }
    expect(inventoryOf([old, newer]).role('exec', home)).toMatchObject({ value: { path: '/a/' } })
  })
})

describe('looking a managed policy up', () => {
  it('gives the document of the default version', () => {
    const fact = inventoryOf([customerPolicy('pull', document)]).managedPolicy(policyArn('pull'))
    expect(fact).toMatchObject({ state: 'known', value: { name: 'pull', versionId: 'v2', document: source(document) } })
  })

  it('finds the default version by its id, and a lone version that query results unwrapped', () => {
    const part = customerPolicy('pull', document)
    if (!('item' in part)) throw new Error('expected an item')
    const versions = { versionId: 'v7', document: encodeURIComponent(JSON.stringify(document)) }
    const configuration = { defaultVersionId: 'v7', policyVersionList: versions }
    const fact = inventoryOf([{ item: { ...part.item, configuration } }]).managedPolicy(policyArn('pull'))
    expect(fact).toMatchObject({ state: 'known', value: { versionId: 'v7', document: source(document) } })
  })

  it('is open about a policy whose default version is missing', () => {
    const part = customerPolicy('pull', document)
    if (!('item' in part)) throw new Error('expected an item')
    const configuration = { defaultVersionId: 'v3', policyVersionList: [{ versionId: 'v1', document }] }
    expect(inventoryOf([{ item: { ...part.item, configuration } }]).managedPolicy(policyArn('pull'))).toMatchObject({
      value: {
        versionId: 'v3',
        document: unknown(`the default version of the policy ${policyArn('pull')} is missing`),
      },
    })
  })

  it('knows those of AWS only when a source carries them', () => {
    expect(inventoryOf([]).managedPolicy(pullOnly)).toEqual(
      unknown('the text of the AWS-managed policy AmazonEC2ContainerRegistryPullOnly was not read'),
    )
    expect(inventoryOf([managedPolicy(pullOnly, document)]).managedPolicy(pullOnly)).toMatchObject({ state: 'known' })
  })

  it('is absent when the account was listed, unknown when it was not', () => {
    expect(inventoryOf([]).managedPolicy(policyArn('gone'))).toEqual(absent())
    expect(inventoryOf([notListed('AWS::IAM::Policy')]).managedPolicy(policyArn('gone'))).toMatchObject({
      state: 'unknown',
    })
  })
})

describe('instance profiles', () => {
  it('come from items of their own and from the roles that name them', () => {
    const arn = 'arn:aws:iam::111122223333:instance-profile/named'
    const listed = { instanceProfileList: [{ instanceProfileName: 'named', arn, roles: [] }] }
    const inventory = inventoryOf([instanceProfile('own', 'node'), role({ name: 'node', configuration: listed })])
    expect(inventory.instanceProfiles.map(({ name, roles }) => ({ name, roles }))).toEqual([
      { name: 'own', roles: known(['node']) },
      { name: 'named', roles: known([roleArn('node')]) },
    ])
  })
})

const folder = new URL('../../../shared/fixtures/config-items/', import.meta.url)

describe.skipIf(!existsSync(folder))('recorded items of IAM', () => {
  const read = (name: string) => {
    // The account of these samples was masked with letters.
    const text = readFileSync(new URL(name, folder), 'utf8').replaceAll('XXXXXXXXXXXX', home.accountId)
    const raw = {
      awsAccountId: home.accountId,
      configurationItemCaptureTime: '2019-08-21T09:38:11Z',
      ...JSON.parse(text),
    }
    const result = normalizeItem(raw)
    if (!result.ok || result.deleted) throw new Error(JSON.stringify(result))
    return result.item
  }

  it('give a role with its trust policy', () => {
    expect(roleOf(read('real_AWS_IAM_Role_urlencoded.json'))).toMatchObject({
      name: 'AWSCodePipelineServiceRole-eu-west-1-zoom-discovery',
      path: '/service-role/',
      roleId: 'AROA5XIWUT3P6QO6KNL2D',
      trustPolicy: { value: { json: { Statement: [{ Principal: { Service: 'codepipeline.amazonaws.com' } }] } } },
      inlinePolicies: known([]),
      permissionsBoundary: absent(),
    })
    expect(roleOf(read('rdk_AWS_IAM_Role.json')).attachedPolicies).toMatchObject({ value: { length: 3 } })
  })

  it('give policies with the document of their default version', () => {
    const statement = { Action: ['s3:PutObject'], Effect: 'Allow' }
    const first = managedPolicyOf(read('real_AWS_IAM_Policy_urlencoded.json'))
    expect(first).toMatchObject({ versionId: 'v1', document: { value: { json: { Statement: [statement] } } } })
    const second = managedPolicyOf(read('rdk_AWS_IAM_Policy.json'))
    expect(second.document).toMatchObject({ value: { json: { Statement: [{ Sid: 'Stmt1461949544000' }] } } })
  })
})
