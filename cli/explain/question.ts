import { isAccountId, parseArn } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'

/** What pulls, in the words of the command line. */
export const computes = ['fargate', 'ecs-ec2', 'eks-node', 'eks-fargate'] as const
/** One of `computes`. */
export type Compute = (typeof computes)[number]

/** Options that say what is asked. */
export interface QuestionOptions {
  readonly workload?: string
  readonly image?: string
  readonly role?: string
  readonly subnet: readonly string[]
  readonly securityGroup: readonly string[]
  readonly publicIp: boolean
  readonly compute?: Compute
}

/** What `explain` is asked: about workloads that are there, or about one that is not yet. */
export type Question =
  | { readonly kind: 'existing'; readonly workload: string | undefined; readonly image: string | undefined }
  | ({ readonly kind: 'new' } & NewWorkload)

/** A workload that does not exist yet. */
export interface NewWorkload {
  /** ARN or bare name. */
  readonly role: string
  readonly image: string
  readonly subnets: readonly string[]
  /** Empty: none is named. */
  readonly securityGroups: readonly string[]
  readonly publicIp: boolean
  readonly compute: Compute
}

/** @throws InputError when options do not go together or one that is needed is missing */
export function questionOf(options: QuestionOptions): Question {
  const { workload, image, role, subnet, securityGroup, publicIp, compute } = options
  if (image?.trim() === '') throw new InputError('--image: expected the URI of an image')
  const isNew = role !== undefined || subnet.length > 0 || securityGroup.length > 0 || publicIp || compute !== undefined
  if (!isNew) return { kind: 'existing', workload, image }
  if (workload !== undefined)
    throw new InputError('--workload: says itself where and as whom it pulls; leave out --role, --subnet and the like')
  if (role === undefined || image === undefined || subnet.length === 0) {
    const lacking = [role ?? '--role', image ?? '--image', subnet[0] ?? '--subnet'].filter((one) =>
      one.startsWith('--'),
    )
    throw new InputError(
      `${lacking.join(', ')}: missing; a workload that does not exist yet needs --role, --image and --subnet`,
    )
  }
  return {
    kind: 'new',
    role: checkedRole(role),
    image,
    subnets: [...new Set(subnet)],
    securityGroups: [...new Set(securityGroup)],
    publicIp,
    compute: compute ?? 'fargate',
  }
}

function checkedRole(text: string): string {
  const arn = parseArn(text)
  const named = arn === undefined ? text : arn.resource.slice('role/'.length)
  const isRole =
    arn === undefined || (arn.service === 'iam' && arn.resource.startsWith('role/') && isAccountId(arn.accountId))
  if (!isRole || !/^(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/.test(named))
    throw new InputError(`--role: "${text}": expected the ARN or the name of an IAM role`)
  return text
}
