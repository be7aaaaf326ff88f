import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { auditInventory } from '../../shared/engine/audit.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { compliant } from '../../shared/model/verdict.ts'
import { defineRule, type JudgedType } from '../../shared/rules/define-rule.ts'
import {
  type EstatePart,
  ecsArn,
  ecsService,
  elsewhere,
  fargateProfile,
  inventoryOf,
  nodegroup,
  privateVpc,
  role,
  taskDefinition,
  vpc,
} from '../support/builders.ts'

function ruleJudging(judges: JudgedType, ...alsoJudges: readonly JudgedType[]) {
  return defineRule({
    id: 'everything-is-fine',
    area: 'role',
    title: 'Everything is fine',
    severity: 'LOW',
    why: 'It is a test.',
    fix: 'Nothing.',
    judges,
    alsoJudges,
    reads: [],
    triggers: { change: true, scheduled: false, calls: [] },
    frameworks: {},
    defaultEnabled: true,
    url: 'https://docs.aws.amazon.com/',
    parameters: z.object({}),
    evaluate: () => compliant('fine'),
  })
}

function judged(
  type: JudgedType | readonly [JudgedType, JudgedType],
  parts: readonly EstatePart[],
  only?: string,
): readonly string[] {
  const inventory = inventoryOf(parts)
  const findings = auditInventory({
    inventory,
    rules: [typeof type === 'string' ? ruleJudging(type) : ruleJudging(...type)],
    settings: defaultSettings,
    organization: organizationOf(inventory, defaultSettings),
    now: new Date('2026-11-21T00:00:00Z'),
    ...(only === undefined ? {} : { only: (ref) => ref.arn === only }),
  })
  return findings.map((finding) => finding.resource.arn)
}

describe('an audit judges', () => {
  it('every role', () => {
    expect(judged('AWS::IAM::Role', [role({ name: 'a' }), role({ name: 'b', path: '/x/' })])).toEqual([
      'arn:aws:iam::111122223333:role/a',
      'arn:aws:iam::111122223333:role/x/b',
    ])
  })

  it('node groups and Fargate profiles of every region', () => {
    const parts = [nodegroup(), elsewhere(nodegroup(), { region: 'us-east-1' }), fargateProfile()]
    expect(judged('AWS::EKS::Nodegroup', parts)).toHaveLength(2)
    expect(judged('AWS::EKS::FargateProfile', parts)).toHaveLength(1)
  })

  it('every service, and resources of a further type where the rule judges it too', () => {
    const parts = [nodegroup(), ecsService(), ecsService({ name: 'api' })]
    const services = [
      'arn:aws:ecs:eu-central-1:111122223333:service/main/api',
      'arn:aws:ecs:eu-central-1:111122223333:service/main/web',
    ]
    expect(judged('AWS::ECS::Service', parts)).toEqual(services)
    expect(judged(['AWS::ECS::Service', 'AWS::EKS::Nodegroup'], parts)).toEqual([
      ...services,
      'arn:aws:eks:eu-central-1:111122223333:nodegroup/main/workers/10000000-0000-0000',
    ])
  })

  it('every VPC of every account', () => {
    const parts = [...privateVpc(), vpc({ id: 'vpc-2' }), elsewhere(vpc(), { accountId: '444455556666' })]
    expect(judged('AWS::EC2::VPC', parts)).toEqual([
      'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-1',
      'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-2',
      'arn:aws:ec2:eu-central-1:444455556666:vpc/vpc-1',
    ])
  })

  it('task definitions that are current, and no superseded one', () => {
    const parts = [1, 2, 3].map((revision) => taskDefinition({ revision }))
    const used = ecsService({ taskDefinition: 'web:1' })
    expect(judged('AWS::ECS::TaskDefinition', [...parts, used])).toEqual([
      ecsArn('task-definition', 'web:1'),
      ecsArn('task-definition', 'web:3'),
    ])
  })

  it('nothing when asked for a superseded task definition alone', () => {
    const parts = [1, 2].map((revision) => taskDefinition({ revision }))
    expect(judged('AWS::ECS::TaskDefinition', parts, ecsArn('task-definition', 'web:1'))).toEqual([])
    expect(judged('AWS::ECS::TaskDefinition', parts, ecsArn('task-definition', 'web:2'))).toHaveLength(1)
  })
})
