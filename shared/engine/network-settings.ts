import * as z from 'zod/mini'

/** The last part of endpoint services' names: what pulls need, and what tasks and nodes need around them. */
const services = [
  'ecr.api',
  'ecr.dkr',
  's3',
  'ec2',
  'ecs',
  'ecs-agent',
  'ecs-telemetry',
  'eks',
  'eks-auth',
  'guardduty-data',
  'kms',
  'logs',
  'secretsmanager',
  'ssm',
  'sts',
] as const

const vpc = z
  .string()
  .check(z.regex(/^(?:\*|vpc-[0-9a-z]+)$/, 'expected a VPC id (vpc-…), or "*" in quotes for every VPC'))

/** One entry of `network.centralEndpoints`. */
export const centralEndpoints = z.strictObject({
  vpcs: z.array(vpc).check(z.minLength(1, 'expected at least one VPC id, or "*"')),
  services: z.array(z.enum(services)).check(z.minLength(1, 'expected at least one service such as ecr.api')),
  note: z.optional(z.string().check(z.minLength(1))),
})

/** The `network` part of a settings file. */
export const networkSettings = z.strictObject({
  centralEndpoints: z._default(z.array(centralEndpoints), []),
  requirePrivate: z._default(z.boolean(), true),
})
