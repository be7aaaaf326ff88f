import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'
import type { Organization } from '../../shared/model/organization.ts'
import { type EndpointAnswer, endpointAnswer } from '../../shared/pull/endpoint-policy.ts'
import { imageWorkloads } from '../../shared/pull/workloads.ts'
import {
  autoScalingGroup,
  autoScalingGroupArn,
  capacityProvider,
  type EstatePart,
  ecsService,
  eksCluster,
  fargateProfile,
  gatewayEndpoint,
  home,
  imageUri,
  instanceProfile,
  interfaceEndpoint,
  inventoryOf,
  launchTemplate,
  nodegroup,
  notListed,
  policy,
  privateVpc,
  repository,
  role,
  roleArn,
  taskDefinition,
} from '../support/builders.ts'

const organization: Organization = {
  organizationId: 'o-exampleorg1',
  ownAccounts: new Set([home.accountId]),
  organizationAccounts: new Set([home.accountId, '222222222222']),
  trustedAccounts: new Set(['333333333333']),
}

const onFargate = [
  ecsService(),
  taskDefinition({ executionRole: roleArn('execution') }),
  role({ name: 'execution' }),
  repository(),
]

const hosts = { 'ecr.api': 'ecr.api', 'ecr.dkr': 'ecr.dkr', s3: 's3.layers' } as const

/** What a policy of the endpoint of a service says about the first workload. */
function ask(
  service: keyof typeof hosts,
  document: JsonValue | undefined,
  parts: readonly EstatePart[] = onFargate,
): EndpointAnswer {
  const builder = service === 's3' ? gatewayEndpoint : interfaceEndpoint
  const none = { configuration: { policyDocument: {} } }
  const endpoint = builder({ service, ...(document === undefined ? none : { policy: document }) })
  const inventory = inventoryOf(privateVpc({ with: [endpoint, ...parts] }))
  const [workload] = imageWorkloads(inventory)
  const destination = workload!.needs.find(({ kind }) => kind === hosts[service])!
  const view = inventory.network.vpcEndpoints.find(({ serviceName }) => serviceName.endsWith(service))!
  return endpointAnswer({ inventory, organization, now: new Date('2026-11-21') }, view, workload!, destination)
}

function allow(principal: JsonValue, action: JsonValue, resource: JsonValue = '*', more: JsonObject = {}): JsonObject {
  return { Effect: 'Allow', Principal: principal, Action: action, Resource: resource, ...more }
}

const execution = { AWS: roleArn('execution') }
const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const arn = (name: string, accountId: string = home.accountId) =>
  `arn:aws:ecr:${home.region}:${accountId}:repository/${name}`
const layers = `arn:aws:s3:::prod-${home.region}-starport-layer-bucket/*`
const everyone = allow('*', '*')

describe('any endpoint', () => {
  test('without a policy lets everything through, and no role is needed to know it', () => {
    const withoutRoles = [...onFargate, notListed('AWS::IAM::Role')]
    expect(ask('ecr.dkr', undefined, withoutRoles)).toEqual({
      endpointId: 'vpce-ecr-dkr',
      status: 'pass',
      steps: [],
      missing: [],
    })
  })

  test('with a policy that only denies lets nothing through', () => {
    const denyOther = { Effect: 'Deny', Principal: '*', Action: 'ecr:DeleteRepository', Resource: '*' }
    for (const service of ['ecr.api', 'ecr.dkr', 's3'] as const) {
      expect(ask(service, policy(denyOther)).status, service).toBe('fail')
    }
  })

  test('with a policy that cannot be read leaves it open', () => {
    const answer = ask('ecr.api', '{"Statement": 7}')
    expect(answer.status).toBe('unknown')
    expect(answer.steps[0]?.decision.missing[0]).toMatchObject({ kind: 'document' })
  })

  test('with a Deny beside full access blocks', () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'ecr:GetAuthorizationToken', Resource: '*' }
    expect(ask('ecr.api', policy(everyone, deny)).steps[0]?.decision.decision).toBe('explicitlyDenied')
  })
})

describe('ecr.api', () => {
  test('needs the token for the role that pulls, and no action on repositories', () => {
    const answer = ask('ecr.api', policy(allow(execution, 'ecr:GetAuthorizationToken')))
    expect(answer.status).toBe('pass')
    expect(answer.steps.map(({ action, resource }) => `${action} ${resource}`)).toEqual(['ecr:GetAuthorizationToken *'])
  })

  test('does not give the token on the ARN of a repository', () => {
    expect(ask('ecr.api', policy(allow('*', 'ecr:*', arn('app')))).status).toBe('fail')
  })

  test('does not give another role the token', () => {
    expect(ask('ecr.api', policy(allow({ AWS: roleArn('other') }, 'ecr:*'))).status).toBe('fail')
  })

  test('gives it to the account of the role', () => {
    expect(ask('ecr.api', policy(allow({ AWS: home.accountId }, 'ecr:*'))).status).toBe('pass')
  })

  test('with a condition on the own organization lets own roles through, and no others', () => {
    const inside = (id: string) =>
      policy(allow('*', '*', '*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': id } } }))
    expect(ask('ecr.api', inside('o-exampleorg1')).status).toBe('pass')
    expect(ask('ecr.api', inside('o-other')).status).toBe('fail')
  })

  test('with a condition on the role tag is open while the role is not in the inventory', () => {
    const tagged = policy(allow('*', '*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } }))
    expect(ask('ecr.api', tagged, [...onFargate.slice(0, 2), notListed('AWS::IAM::Role')]).status).toBe('unknown')
    expect(ask('ecr.api', tagged).status).toBe('fail')
  })

  test('with a denial is open while nobody is known to pull', () => {
    const answer = ask('ecr.api', policy(allow(execution, '*')), [ecsService(), taskDefinition()])
    expect(answer.status).toBe('unknown')
    expect(answer.missing).toEqual(['the role that pulls for web: it names no role'])
  })
})

describe('ecr.dkr', () => {
  test('needs both actions on the repository of the image, and no token', () => {
    const answer = ask('ecr.dkr', policy(allow(execution, pull, arn('app'))))
    expect(answer.status).toBe('pass')
    expect(answer.steps.map(({ action, resource }) => [action, resource])).toEqual(
      pull.map((action) => [action, arn('app')]),
    )
  })

  test('blocks when one action is left out', () => {
    const answer = ask('ecr.dkr', policy(allow(execution, 'ecr:BatchGetImage')))
    expect(answer.status).toBe('fail')
    expect(answer.steps.map(({ decision }) => decision.decision)).toEqual(['allowed', 'implicitlyDenied'])
  })

  test('blocks when the policy names another repository', () => {
    expect(ask('ecr.dkr', policy(allow('*', pull, arn('other')))).status).toBe('fail')
  })

  test('knows which endpoint a request goes through', () => {
    const through = (id: string) =>
      policy(allow('*', pull, '*', { Condition: { StringEquals: { 'aws:SourceVpce': id } } }))
    expect(ask('ecr.dkr', through('vpce-ecr-dkr')).status).toBe('pass')
    expect(ask('ecr.dkr', through('vpce-0')).status).toBe('fail')
  })

  test('with a perimeter around own repositories blocks images of others', () => {
    const own = policy(allow('*', '*', '*', { Condition: { StringEquals: { 'aws:ResourceAccount': home.accountId } } }))
    expect(ask('ecr.dkr', own).status).toBe('pass')
    const foreign = taskDefinition({
      executionRole: roleArn('execution'),
      images: [imageUri('app:1', { accountId: '222222222222' })],
    })
    expect(ask('ecr.dkr', own, [ecsService(), foreign, role({ name: 'execution' })]).status).toBe('fail')
  })

  test('with a perimeter around own repositories keeps nodes from the add-ons of AWS', () => {
    const own = policy(allow('*', '*', '*', { Condition: { StringEquals: { 'aws:ResourceAccount': home.accountId } } }))
    const nodes = [nodegroup(), eksCluster(), role({ name: 'node' })]
    const answer = ask('ecr.dkr', own, nodes)
    expect(answer.status).toBe('fail')
    expect(answer.steps[0]?.resource).toBe(arn('amazon-k8s-cni', '602401143452'))
    expect(ask('ecr.dkr', policy(everyone), nodes).status).toBe('pass')
  })

  describe('for pods whose images are not known', () => {
    const pods = [fargateProfile(), eksCluster(), role({ name: 'pods' })]

    test('is fine when any repository may be pulled', () => {
      expect(ask('ecr.dkr', policy(allow('*', pull)), pods).status).toBe('pass')
    })

    test('is fine when some repository of the account may be', () => {
      const some = [...pods, repository(), repository({ name: 'other' })]
      const answer = ask('ecr.dkr', policy(allow('*', pull, arn('other'))), some)
      expect(answer.status).toBe('pass')
      expect(answer.steps.map(({ resource }) => resource)).toEqual([arn('other'), arn('other')])
    })

    test('blocks when none of the account may be', () => {
      expect(ask('ecr.dkr', policy(allow('*', pull, arn('gone'))), [...pods, repository()]).status).toBe('fail')
    })

    test('is open when repositories are not known', () => {
      const hidden = [...pods, notListed('AWS::ECR::Repository')]
      const answer = ask('ecr.dkr', policy(allow('*', pull, arn('gone'))), hidden)
      expect(answer.status).toBe('unknown')
      expect(answer.missing).toEqual(['the images of serverless are not in the inventory'])
    })
  })

  describe('for a service on instances with an execution role', () => {
    const onInstances = [
      ecsService({ capacityProviders: ['nodes'] }),
      taskDefinition({ compatibilities: ['EC2'], executionRole: roleArn('execution') }),
      capacityProvider('nodes', autoScalingGroupArn('nodes')),
      autoScalingGroup(),
      launchTemplate({ instanceProfile: 'nodes' }),
      instanceProfile('nodes', 'instance'),
      role({ name: 'instance' }),
      role({ name: 'execution' }),
    ]
    const both = { AWS: [roleArn('instance'), roleArn('execution')] }

    test('is fine when both roles get through', () => {
      expect(ask('ecr.dkr', policy(allow(both, pull)), onInstances).status).toBe('pass')
    })

    test('is open when only one does', () => {
      const answer = ask('ecr.dkr', policy(allow(execution, pull)), onInstances)
      expect(answer).toMatchObject({ status: 'unknown', missing: ['which role pulls for web'] })
    })

    test('blocks when neither does', () => {
      expect(ask('ecr.dkr', policy(allow({ AWS: roleArn('other') }, pull)), onInstances).status).toBe('fail')
    })
  })
})

describe('S3', () => {
  test('lets layers through with Principal * on the bucket alone', () => {
    const answer = ask('s3', policy(allow('*', 's3:GetObject', layers)))
    expect(answer.status).toBe('pass')
    expect(answer.steps[0]).toMatchObject({ action: 's3:GetObject', caller: 'ECR' })
  })

  test('blocks when the bucket is of another region or left out', () => {
    expect(ask('s3', policy(allow('*', 's3:GetObject', layers.replace(home.region, 'us-east-1')))).status).toBe('fail')
    expect(ask('s3', policy(allow('*', 's3:*', ['arn:aws:s3:::mine', 'arn:aws:s3:::mine/*']))).status).toBe('fail')
  })

  test('blocks when only the role that pulls or the own account is named: ECR fetches layers, not the role', () => {
    expect(ask('s3', policy(allow(execution, 's3:GetObject', layers))).status).toBe('fail')
    expect(ask('s3', policy(allow({ AWS: home.accountId }, 's3:GetObject', layers))).status).toBe('fail')
  })

  test.each([
    ['aws:PrincipalOrgID', 'o-exampleorg1'],
    ['aws:PrincipalAccount', home.accountId],
    ['aws:ResourceAccount', home.accountId],
    ['aws:ResourceOrgID', 'o-exampleorg1'],
  ])('blocks when the statement demands %s of the own organization', (key, value) => {
    const conditioned = allow('*', 's3:GetObject', layers, { Condition: { StringEquals: { [key]: value } } })
    expect(ask('s3', policy(conditioned)).status).toBe('fail')
  })

  test('blocks when a Deny speaks of everyone outside the organization', () => {
    const outside = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: outside }
    expect(ask('s3', policy(everyone, deny)).status).toBe('fail')
  })

  test('is open when a condition names an account nobody knows, which may be that of ECR', () => {
    const stranger = { StringEquals: { 'aws:ResourceAccount': ['444444444444', home.accountId] } }
    const answer = ask('s3', policy(allow('*', 's3:GetObject', layers, { Condition: stranger })))
    expect(answer).toMatchObject({
      status: 'unknown',
      missing: ['the account of AWS from which ECR fetches layers'],
    })
  })

  test('is open when the statement asks whether the caller is a service of AWS', () => {
    const service = { Bool: { 'aws:PrincipalIsAWSService': 'true' } }
    expect(ask('s3', policy(allow('*', 's3:GetObject', layers, { Condition: service }))).status).toBe('unknown')
  })

  test('is fine with a condition on the VPC itself', () => {
    const inside = { StringEquals: { 'aws:SourceVpc': 'vpc-1' } }
    expect(ask('s3', policy(allow('*', 's3:GetObject', layers, { Condition: inside }))).status).toBe('pass')
  })

  test('never matches a condition on a public address', () => {
    const address = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }
    expect(ask('s3', policy(allow('*', 's3:GetObject', layers, { Condition: address }))).status).toBe('fail')
  })
})
