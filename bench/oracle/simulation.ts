import type { RequestContext } from '../../shared/iam/conditions/context.ts'
import type { InputCase, InputLevel, NamedPolicy } from './input-case.ts'

const fullAccess: NamedPolicy = {
  name: 'RCPFullAWSAccess',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] },
}

/**
 * The case as the oracle takes it. `derived` are the keys that follow from principal and resource, which it does not fill
 * in itself. With `addFullAccess` every RCP level gets RCPFullAWSAccess, which only its validated entry point adds.
 */
export function simulationOf(one: InputCase, derived: RequestContext, addFullAccess = false): object {
  const { context, ...request } = one.request
  return {
    request: { ...request, contextVariables: { ...stated(derived), ...context } },
    identityPolicies: one.identityPolicies,
    serviceControlPolicies: one.serviceControlPolicies ?? [],
    resourceControlPolicies: (one.resourceControlPolicies ?? []).map((level) =>
      addFullAccess ? withFull(level) : level,
    ),
    resourcePolicy: one.resourcePolicy,
    sessionPolicy: one.sessionPolicy,
    permissionBoundaryPolicies: one.permissionBoundaries,
    vpcEndpointPolicies: one.endpointPolicies,
  }
}

function stated(derived: RequestContext): Readonly<Record<string, string>> {
  const known = [...derived].flatMap(([key, value]) =>
    value.state === 'present' && value.values[0] !== undefined ? [[key, value.values[0]] as const] : [],
  )
  return Object.fromEntries(known)
}

function withFull(level: InputLevel): InputLevel {
  return { ...level, policies: [fullAccess, ...level.policies] }
}
