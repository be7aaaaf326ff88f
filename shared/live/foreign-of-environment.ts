import { aggregatorConnections } from '../runtime/aggregator-connections.ts'
import { clientsPerRegion } from '../runtime/aws-clients.ts'
import { aggregatorAccess } from '../sources/foreign-repositories/aggregator-access.ts'
import { foreignLookUp } from '../sources/foreign-repositories/look-up.ts'
import { aggregatorPlaceOf } from './aggregator-place.ts'
import { type ForeignRepositories, foreignRepositories } from './foreign-repositories.ts'

/**
 * Repositories of other accounts, for the function of that name in a region; undefined where the environment names no role for
 * that. What is remembered lives as long as the process: one session, and answers for five minutes.
 */
export function foreignOfEnvironment(
  variables: () => Readonly<Record<string, string | undefined>>,
  functionName: string,
): (region: string) => ForeignRepositories | undefined {
  return clientsPerRegion((region) => {
    const place = aggregatorPlaceOf(variables())
    if (place === undefined) return undefined
    const connections = aggregatorConnections(region, place.region ?? region, functionName)
    return foreignRepositories(foreignLookUp(aggregatorAccess(place, connections)))
  })
}
