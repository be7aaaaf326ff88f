import { probeRegion } from '../../shared/sources/regions/region-problem.ts'
import type { Check } from './check.ts'
import { type Place, readerOf } from './place.ts'

/** Whether the account uses the region: `worksElsewhere` says that the credentials are good. */
export async function checkRegion(place: Place, worksElsewhere: boolean): Promise<Check> {
  const base = { id: 'region', region: place.region } as const
  const answer = await probeRegion(readerOf(place, place.clients.sts), worksElsewhere)
  switch (answer.state) {
    case 'works':
      return { ...base, status: 'ok', reason: 'enabled' }
    case 'refused':
      return {
        ...base,
        status: 'fail',
        reason: answer.reason,
        fix: 'enable the region for the account, or leave it out',
      }
    case 'unknown':
      return { ...base, status: 'unknown', reason: answer.reason }
  }
}
