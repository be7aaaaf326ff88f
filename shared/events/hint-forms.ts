import { InputError } from '../model/errors.ts'
import type { Hint } from './resource-change.ts'

const arnOf = (service: string, resource: string) =>
  `arn:[a-z0-9-]{3,20}:${service}:[a-z0-9-]{0,32}:\\d{12}:${resource}`
const form = (...texts: readonly string[]) => new RegExp(`^(?:${texts.join('|')})$`)
const name = '[\\w-]{1,255}'

/** The forms of names, by type. Constant: no part of them comes from an event. */
const forms: ReadonlyMap<string, RegExp> = new Map([
  ['AWS::::Account', /^\d{12}$/],
  ['AWS::ECR::RegistryPolicy', /^\d{12}$/],
  ['AWS::ECR::Repository', /^[a-z0-9](?:[a-z0-9._/-]{0,254}[a-z0-9])?$/],
  ['AWS::ECR::PullThroughCacheRule', /^(?:ROOT|[a-z0-9][a-z0-9._/-]{0,254})$/],
  ['AWS::IAM::Role', /^[\w+=,.@-]{1,64}$/],
  ['AWS::IAM::Policy', form(arnOf('iam', 'policy/(?:[!-~]{1,510}/)?[\\w+=,.@-]{1,128}'))],
  ['AWS::ECS::TaskDefinition', form(`${name}:\\d{1,9}`, arnOf('ecs', `task-definition/${name}:\\d{1,9}`))],
  ['AWS::ECS::Service', form(arnOf('ecs', `service/(?:${name}/)?${name}`))],
  ['AWS::EKS::Nodegroup', form(`${name}/${name}`)],
  ['AWS::EKS::FargateProfile', form(`${name}\\|${name}`)],
  ['AWS::EC2::VPC', /^vpc-[0-9a-z]{1,32}$/],
  ['AWS::EC2::Subnet', /^subnet-[0-9a-z]{1,32}$/],
  ['AWS::EC2::RouteTable', /^rtb-[0-9a-z]{1,32}$/],
  ['AWS::EC2::SecurityGroup', /^sg-[0-9a-z]{1,32}$/],
  ['AWS::EC2::NetworkAcl', /^acl-[0-9a-z]{1,32}$/],
  ['AWS::EC2::VPCEndpoint', /^vpce-[0-9a-z]{1,32}$/],
  ['AWS::EC2::NatGateway', /^nat-[0-9a-z]{1,32}$/],
])

/** A hint whose name has the form of its type. @throws InputError naming the field, never the text */
export function hintOf(type: string, text: string, path: string): Hint {
  if (forms.get(type)?.test(text) !== true) throw new InputError(`${path}: expected a name of ${type}`)
  return { type, name: text }
}
