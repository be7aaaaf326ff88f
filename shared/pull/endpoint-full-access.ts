import type { Decision } from '../iam/evaluate/types.ts'
import type { VpcEndpoint } from '../inventory/network.ts'
import { partitionOf } from '../model/arn.ts'
import type { Destination } from '../network/types.ts'
import { endpointKeys } from './endpoint-context.ts'
import { endpointPolicyDocument } from './endpoint-document.ts'
import { endpointDecision } from './endpoint-policy.ts'

/** Whether an endpoint lets a stranger write into an account of strangers. */
export interface FullAccess {
  readonly status: 'full' | 'restricted' | 'unknown'
  /** Undefined without a policy. */
  readonly decision: Decision | undefined
}

/** An account that no policy means. */
const stranger = '000000000000'

/**
 * Asks the policy for the one thing a restricted policy never allows: a principal of an unknown account that pushes to a
 * repository, or writes to a bucket, of another. Without a policy an endpoint allows everything.
 */
export function fullAccessOf(endpoint: VpcEndpoint, { kind, region }: Destination): FullAccess {
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
    context: endpointKeys(endpoint),
  })
  const status = decision.decision === 'allowed' ? 'full' : decision.decision === 'unknown' ? 'unknown' : 'restricted'
  return { status, decision }
}
