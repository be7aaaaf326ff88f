import { securityHub } from '../../shared/sources/doctor/services.ts'
import type { Check } from './check.ts'
import { type Place, readerOf } from './place.ts'

/** Whether Security Hub takes findings. It is not needed to audit, so its absence only counts where it is `required`. */
export async function checkSecurityHub(place: Place, required: boolean): Promise<Check> {
  const base = { id: 'security-hub', region: place.region } as const
  const hub = await securityHub(readerOf(place, place.clients.securityHub))
  if (hub.state === 'unknown') return { ...base, status: 'unknown', reason: hub.reason }
  if (hub.state === 'known') return { ...base, status: 'ok', reason: 'enabled' }
  return {
    ...base,
    status: required ? 'fail' : 'warn',
    reason: 'not enabled: findings go to AWS Config only',
    fix: 'enable Security Hub (aws securityhub enable-security-hub), or deploy with SecurityHub=off',
  }
}
