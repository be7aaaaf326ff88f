import { type JudgedPath, judgedPath, withLast } from '../judged-path.ts'
import type { SourceSide } from '../source-side.ts'
import { dependsOn } from '../steps/answer.ts'
import type { Resolution } from '../steps/dns.ts'
import type { Destination } from '../types.ts'

/**
 * The ways to all places that a name leads to. A client is led to one of them: where only some can be reached, whether it
 * gets through is open.
 */
export function placesOfName(
  { subnet }: SourceSide,
  { host }: Destination,
  endpoints: readonly JudgedPath[],
  { elsewhere }: Resolution,
): readonly JudgedPath[] {
  const places = elsewhere === undefined ? endpoints : [...endpoints, judgedPath('other', subnet.vpcId, [elsewhere])]
  const culprit = places.find(({ path }) => path.verdict !== 'reachable')
  if (culprit === undefined) return places
  const { step, reason, evidence } = culprit.path.decidedBy
  const some = `${reason}, while other places that ${host} leads to can be reached`
  const last = dependsOn(step, 'some-places', some, [`which place ${host} leads to`], { evidence })
  return places.map((place) => (place.path.verdict === 'reachable' ? withLast(place, last) : place))
}
