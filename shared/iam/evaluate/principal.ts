import { isAccountId, parseArn } from '../../model/arn.ts'
import type { RequestPrincipal } from './types.ts'

const serviceName = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/

/**
 * Reads a principal as people write it: the ARN of a role, user, root user, role session or federated user, a bare account id
 * (its root user), or a service name. Undefined for anything else.
 */
export function parsePrincipal(text: string): RequestPrincipal | undefined {
  if (isAccountId(text)) return { kind: 'root', arn: `arn:aws:iam::${text}:root`, accountId: text }
  if (serviceName.test(text)) return { kind: 'service', name: text }
  const arn = parseArn(text)
  if (arn === undefined || arn.region !== '' || !isAccountId(arn.accountId) || !/^aws(-[a-z]+)*$/.test(arn.partition)) {
    return undefined
  }
  const { accountId, resource } = arn
  if (arn.service === 'iam') return iamPrincipal(text, accountId, resource)
  return arn.service === 'sts' ? stsPrincipal(text, accountId, resource) : undefined
}

function iamPrincipal(arn: string, accountId: string, resource: string): RequestPrincipal | undefined {
  if (resource === 'root') return { kind: 'root', arn, accountId }
  if (isNamed(resource, 'role')) return { kind: 'role', arn, accountId }
  return isNamed(resource, 'user') ? { kind: 'user', arn, accountId } : undefined
}

function stsPrincipal(arn: string, accountId: string, resource: string): RequestPrincipal | undefined {
  if (/^assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/.test(resource)) return { kind: 'session', arn, accountId }
  return /^federated-user\/[\w+=,.@:-]+$/.test(resource) ? { kind: 'federatedUser', arn, accountId } : undefined
}

/** `role/name` or `role/path/name`: every part non-empty, the name of letters IAM allows. */
function isNamed(resource: string, type: 'role' | 'user'): boolean {
  const [kind, ...path] = resource.split('/')
  const name = path.pop()
  return (
    kind === type && name !== undefined && /^[\w+=,.@-]+$/.test(name) && path.every((part) => /^[!-.0-~]+$/.test(part))
  )
}
