import { present, type RequestContext } from '../iam/conditions/context.ts'
import type { Decision } from '../iam/evaluate/types.ts'
import type { VpcEndpoint } from '../inventory/network.ts'
import { partitionOf } from '../model/arn.ts'
import type { Destination } from '../network/types.ts'
import { endpointKeys } from './endpoint-context.ts'
import { endpointPolicyDocument } from './endpoint-document.ts'
import { endpointDecision } from './endpoint-policy.ts'
import { remembering } from './remembered.ts'

/** Whether an endpoint lets a stranger write into an account of strangers. */
export interface FullAccess {
  readonly status: 'full' | 'restricted' | 'unknown'
  /** Undefined without a policy. */
  readonly decision: Decision | undefined
}

const remembered = remembering<FullAccess>()

/** An account that no policy means. */
const stranger = '000000000000'

/** Keys of a request by the stranger, in lower case. */
const ofStranger: RequestContext = new Map([
  ...['aws:principalaccount', 'aws:resourceaccount', 's3:resourceaccount'].map(
    (key) => [key, present(stranger)] as const,
  ),
  ...['aws:principalorgid', 'aws:resourceorgid'].map((key) => [key, present('o-0000000000')] as const),
  ...['aws:principalorgpaths', 'aws:resourceorgpaths'].map((key) => [key, present('o-0000000000/r-0000/')] as const),
  ['aws:principalisawsservice', present('false')],
])

/**
 * Asks the policy for the one thing a restricted policy never allows: a principal of an unknown account that pushes to a
 * repository, or writes to a bucket, of another. Without a policy an endpoint allows everything.
 */
export function fullAccessOf(endpoint: VpcEndpoint, destination: Destination): FullAccess {
  const { kind, region } = destination
  return remembered([endpoint], `${kind} ${region}`, () => decided(endpoint, destination))
}

function decided(endpoint: VpcEndpoint, { kind, region }: Destination): FullAccess {
  const document = endpointPolicyDocument(endpoint)
  if (document === undefined) return { status: 'full', decision: undefined }
  const partition = partitionOf(region)
  const isBucket = kind === 's3.layers'
  const decision = endpointDecision(document, {
    principal: { kind: 'role', arn: `arn:${partition}:iam::${stranger}:role/zz7q-stranger`, accountId: stranger },
    action: isBucket ? 's3:PutObject' : kind === 'ecr.api' ? 'ecr:SetRepositoryPolicy' : 'ecr:PutImage',
    resource: {
      arn: isBucket
        ? `arn:${partition}:s3:::zz7q-bucket-of-a-stranger/object`
        : `arn:${partition}:ecr:${region}:${stranger}:repository/zz7q-stranger`,
      accountId: stranger,
    },
    context: new Map([...endpointKeys(endpoint), ...ofStranger]),
  })
  const status = decision.decision === 'allowed' ? 'full' : decision.decision === 'unknown' ? 'unknown' : 'restricted'
  return { status, decision }
}
