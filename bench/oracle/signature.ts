import type { InputCase, InputPolicy, InputStatement } from './input-case.ts'

/** What a minimized case is made of: service, kind of principal, and the form of each statement of each layer. */
export function signatureOf(one: InputCase): string {
  const { principal, action, resource } = one.request
  const place =
    typeof principal === 'string' && principal.includes(resource.accountId) ? 'same account' : 'cross account'
  const layers: readonly (readonly [string, readonly InputPolicy[]])[] = [
    ['identity', one.identityPolicies.map(({ policy }) => policy)],
    ['resource', one.resourcePolicy ? [one.resourcePolicy] : []],
    ['boundary', (one.permissionBoundaries ?? []).map(({ policy }) => policy)],
    ['session', one.sessionPolicy ? [one.sessionPolicy] : []],
    ['scp', (one.serviceControlPolicies ?? []).flatMap((level) => level.policies.map(({ policy }) => policy))],
    ['rcp', (one.resourceControlPolicies ?? []).flatMap((level) => level.policies.map(({ policy }) => policy))],
    ['endpoint', (one.endpointPolicies ?? []).map(({ policy }) => policy)],
  ]
  const parts = layers.flatMap(([name, policies]) => policies.flatMap((policy) => formsOf(name, policy)))
  return [serviceOf(action), kindOf(principal), place, ...new Set(parts)].join(' | ')
}

function serviceOf(action: string): string {
  const service = action.split(':')[0] ?? ''
  return ['kms', 'sts', 's3'].includes(service) ? service : 'service'
}

function kindOf(principal: InputCase['request']['principal']): string {
  if (typeof principal !== 'string') return 'anonymous'
  return /(assumed-role|federated-user|role|user|root)/.exec(principal)?.[0] ?? 'service principal'
}

function formsOf(layer: string, policy: InputPolicy): readonly string[] {
  return policy.Statement.map((statement) => `${layer} ${statement.Effect}${elementsOf(statement)}`)
}

function elementsOf(statement: InputStatement): string {
  const principal =
    statement.NotPrincipal === undefined
      ? principalForm(statement.Principal)
      : ` not${principalForm(statement.NotPrincipal)}`
  const variable = /\$\{/.test(JSON.stringify(statement.Resource ?? statement.NotResource ?? ''))
    ? ' resource variable'
    : ''
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key) => ` ${operator}(${key.toLowerCase()})`),
  )
  return `${principal}${statement.NotAction ? ' NotAction' : ''}${statement.NotResource ? ' NotResource' : ''}${variable}${conditions.join('')}`
}

function principalForm(principal: unknown): string {
  if (principal === undefined) return ''
  const text = JSON.stringify(principal)
  const form = /(assumed-role|federated-user|:role|:user|:root|Service|"\d{12}")/.exec(text)?.[0] ?? '*'
  return ` principal ${form.startsWith('"') ? 'account' : form}`
}
