import type { Finding } from '../../shared/model/finding.ts'

/** One rule on one resource, as the files and as the live reading tell it. */
export interface Pair {
  readonly rule: string
  readonly arn: string
  readonly files: Finding | undefined
  readonly live: Finding | undefined
}

/** What is not compared, and why. */
export interface LeftOut {
  readonly reason: string
  readonly has: (pair: Pair) => boolean
}

const named =
  (...endings: readonly string[]) =>
  ({ arn }: Pair) =>
    endings.some((ending) => arn.endsWith(ending))

/** Everything that is not compared. */
export const leftOut: readonly LeftOut[] = [
  {
    reason: 'an account of another partition, outside the organization: no role of the organization leads there',
    has: ({ arn }) => arn.startsWith('arn:aws-cn:'),
  },
  { reason: 'the role that reads: only moto has it', has: named(':role/pullpath-reader') },
  {
    reason: 'moto refuses the policy that ends in the middle',
    has: named(':repository/payments/broken-import', ':task-definition/payments-import:1'),
  },
  {
    reason: 'moto attaches no AWS-managed policy that it does not know',
    has: named(
      ...[':role/future-task', ':role/nodes-future', ':role/fargate-pods-future'],
      ...[':task-definition/future:1', ':nodegroup/fleet/future', ':fargateprofile/fleet/trials'],
    ),
  },
  {
    reason: 'moto refuses lifecycle rules that move images to another storage class',
    has: (pair) => pair.rule === 'ecr-repository-lifecycle-policy' && named(':repository/storefront/search')(pair),
  },
  {
    reason: 'moto hands over a deregistered revision as the newest of its family',
    has: ({ arn }) => arn.includes(':task-definition/rolled-back:'),
  },
  {
    reason: 'files tell how old an item is: a family without a service drops out after 90 days, live it is there today',
    has: named(':task-definition/abandoned:1'),
  },
  {
    reason: 'AWS Config did not record in the files what is read live',
    has: ({ files }) =>
      files?.compliance === 'UNDETERMINED' &&
      /AWS Config cannot record|the recorder does not record/.test(files.reason),
  },
]
