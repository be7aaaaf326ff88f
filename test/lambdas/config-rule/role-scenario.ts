import { rules } from '../../../shared/rules/index.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import type { FakeRole } from '../../support/fake-aws/iam.ts'
import { changeEvent, invoke, scheduledEvent } from './scenario.ts'

export const account = '111122223333'
const region = 'eu-central-1'

export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`
export const policyArn = (name: string) => `arn:aws:iam::${account}:policy/${name}`
export const definitionArn = (name: string) => `arn:aws:ecs:${region}:${account}:task-definition/${name}`
const image = `${account}.dkr.ecr.${region}.amazonaws.com/app:1`

export const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const trust = (service: string) =>
  policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' })

/** The token, and pulling from the given repositories. */
export const pullPolicy = (...repositories: readonly string[]) =>
  policy(
    { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: repositories.map((name) =>
        name === '*' ? '*' : `arn:aws:ecr:${region}:${account}:repository/${name}`,
      ),
    },
  )
export const adminPolicy = policy({ Effect: 'Allow', Action: 'ecr:*', Resource: '*' })

/** A role with one inline policy. Its id is made of its name. */
export function role(
  name: string,
  inline: string | undefined,
  more: Partial<FakeRole> & { service?: string } = {},
): FakeRole {
  const { service = 'ecs-tasks.amazonaws.com', ...parts } = more
  return {
    name,
    id: roleId(name),
    trust: trust(service),
    ...(inline === undefined ? {} : { inline: [{ name: 'inline', document: inline }] }),
    ...parts,
  }
}
export const roleId = (name: string) =>
  `AROA${name
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .padEnd(17, '0')}`

/** A task definition on Fargate that runs one image of the own registry. */
export function taskDefinition(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const [family, revision] = name.split(':')
  return {
    taskDefinitionArn: definitionArn(name),
    family,
    revision: Number(revision),
    status: 'ACTIVE',
    requiresCompatibilities: ['FARGATE'],
    executionRoleArn: roleArn('puller'),
    containerDefinitions: [{ name: 'main', image, essential: true }],
    ...more,
  }
}

export function eksCluster(name: string): Record<string, unknown> {
  return { name, arn: `arn:aws:eks:${region}:${account}:cluster/${name}`, roleArn: roleArn('cluster') }
}
export function nodegroup(clusterName: string, nodegroupName: string, nodeRole: string): Record<string, unknown> {
  const nodegroupArn = `arn:aws:eks:${region}:${account}:nodegroup/${clusterName}/${nodegroupName}/11aa22bb`
  return { clusterName, nodegroupName, nodegroupArn, nodeRole: roleArn(nodeRole), subnets: ['subnet-1'] }
}
export const profileArn = `arn:aws:eks:${region}:${account}:fargateprofile/main/serverless/33cc44dd`
export const fargateProfile = {
  ...{ clusterName: 'main', fargateProfileName: 'serverless', fargateProfileArn: profileArn },
  ...{ podExecutionRoleArn: roleArn('pods'), subnets: ['subnet-1'], selectors: [{ namespace: 'default' }] },
}

type Item = Record<string, unknown>

/** A change event of a rule of the catalogue about the given item. */
export function changeOf(ruleId: string, item: Item, event: Item = {}): Record<string, unknown> {
  const parts = { configuration: {}, ...item }
  return changeEvent({ item: parts, event: { ruleParameters: JSON.stringify({ ruleId }), ...event } })
}
export const roleItem = (name: string, more: Item = {}): Item => ({
  ...{ resourceType: 'AWS::IAM::Role', resourceId: roleId(name), resourceName: name, ARN: roleArn(name) },
  ...{ awsRegion: 'global', availabilityZone: 'Not Applicable', ...more },
})
export const definitionItem = (name: string, more: Item = {}): Item => ({
  ...{ resourceType: 'AWS::ECS::TaskDefinition', resourceId: definitionArn(name), ARN: definitionArn(name) },
  ...{ resourceName: null, ...more },
})
export const clusterItem = (name: string, more: Item = {}): Item => ({
  ...{ resourceType: 'AWS::EKS::Cluster', resourceId: name, resourceName: name },
  ...{ ARN: `arn:aws:eks:${region}:${account}:cluster/${name}`, ...more },
})
export const sweepOf = (ruleId: string) => ({ ...scheduledEvent(), ruleParameters: JSON.stringify({ ruleId }) })

/** Invokes the real catalogue; the function runs under the role `auditor` when the fake account has it. */
export function audit(fake: FakeAws, event: unknown, settings = ''): Promise<void> {
  const held = fake.state.iam.roles.some(({ name }) => name === 'auditor')
  return invoke(fake, event, { rules, settings, ...(held ? { ownRole: 'auditor' } : {}) })
}

/** What AWS Config was told: type, id, compliance. */
export const told = (fake: FakeAws) =>
  fake.evaluations.map((one) => [one.ComplianceResourceType, one.ComplianceResourceId, one.ComplianceType])
/** What Security Hub holds: resource, status, record state. */
export const held = (fake: FakeAws) =>
  [...fake.findings.values()].map((one) => [one.Resources[0].Id, one.Compliance.Status, one.RecordState])
export const written = (fake: FakeAws) => fake.evaluations.length + fake.findings.size
