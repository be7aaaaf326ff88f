import type { IAMClient } from '@aws-sdk/client-iam'
import { parseArn } from '../../model/arn.ts'
import type { ReadFailure } from '../failure.ts'
import type { Reader } from '../reading.ts'

/** The type of a role's items. */
export const roleType = 'AWS::IAM::Role'
/** The type of a managed policy's items. */
export const policyType = 'AWS::IAM::Policy'

/** Where and with what to read IAM. The reader's region only names the partition: the items are `global`. */
export interface IamReader extends Reader {
  readonly client: Pick<IAMClient, 'send'>
}

/** Which managed policies to read. */
export interface PolicyChoice {
  /**
   * `capture` (default): AWS's own policies are left to a capture; `read`: they are read like the account's; `remember`: so too,
   * and what was read with the same client in the last hour serves again, for AWS seldom changes them.
   */
  readonly awsManaged?: 'capture' | 'read' | 'remember'
}

/** True when policies of AWS are read too. */
export function readsAwsManaged({ awsManaged = 'capture' }: PolicyChoice): boolean {
  return awsManaged !== 'capture'
}

/** The name of a role of the reader's account, or why there is none to ask for. `text` is an ARN or a bare name. */
export function roleNameOf(
  reader: IamReader,
  text: string,
): { readonly ok: true; readonly name: string } | ({ readonly ok: false } & ReadFailure) {
  const arn = parseArn(text)
  const name = arn === undefined ? text : roleNameInResource(arn.service, arn.resource)
  if (name === undefined || !/^[\w+=,.@-]{1,64}$/.test(name))
    return { ok: false, ...lasting('no role ARN or role name') }
  if (arn !== undefined && arn.accountId !== reader.accountId) {
    return { ok: false, ...lasting(`the role belongs to account ${arn.accountId}, this reader to ${reader.accountId}`) }
  }
  return { ok: true, name }
}

function lasting(reason: string): ReadFailure {
  return { reason, transience: 'lasting' }
}

function roleNameInResource(service: string, resource: string): string | undefined {
  return service === 'iam' && resource.startsWith('role/') ? resource.split('/').at(-1) : undefined
}

/** True for a policy that AWS keeps for all accounts. */
export function isAwsManaged(policyArn: string): boolean {
  return parseArn(policyArn)?.accountId === 'aws'
}

/** True when the ARN is of that kind in the reader's account. */
export function isOwn(reader: IamReader, arn: string, kind: 'role' | 'policy'): boolean {
  const parsed = parseArn(arn)
  return parsed?.service === 'iam' && parsed.accountId === reader.accountId && parsed.resource.startsWith(`${kind}/`)
}
