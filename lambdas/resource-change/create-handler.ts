import type { Context } from 'aws-lambda'
import { concernedAreas } from '../../shared/events/concerns.ts'
import { parseResourceEvent } from '../../shared/events/resource-event.ts'
import { ownChange } from '../../shared/live/changes/own-change.ts'
import type { Area } from '../../shared/live/function-names.ts'
import { ownScopeOf } from '../../shared/live/own-scope.ts'
import { ruleSwitches } from '../../shared/live/rule-switch.ts'
import type { Dependencies } from './dependencies.ts'

/**
 * A change that EventBridge tells of goes, as it came, to each function that judges rules it concerns. One that does not get it keeps
 * none of the others from it; then the invocation rejects, and all get it once more, which changes nothing for those that had it.
 */
export function createHandler(parts: Dependencies) {
  return async (event: unknown, context: Pick<Context, 'invokedFunctionArn'>): Promise<void> => {
    const own = ownScopeOf(context.invokedFunctionArn)
    const variables = parts.variables()
    const asked = ownChange(parseResourceEvent(event, parts.now()), own, variables.PULLPATH_HOME_REGION ?? '')
    if (asked.kind === 'ignored') {
      parts.log().info('ignored', { reason: asked.reason })
      return
    }
    const areas = concernedAreas(deployedWatches(parts, variables), asked.change)
    const missed = await handOnToEach(parts, areas, event, own.region)
    parts.log().info('handed on', { call: asked.change.call, areas: areas.join(','), missed: missed.length })
    const [first] = missed
    if (first !== undefined) throw new Error(`${missed.length} function(s) could not be handed the event: ${first}`)
  }
}

/** Settings and defaults, which only those who judge know, may leave more out. */
function deployedWatches({ watches }: Dependencies, variables: Readonly<Record<string, string | undefined>>) {
  const switchOf = ruleSwitches(
    variables,
    watches.map(({ id }) => id),
  )
  return watches.filter((watch) => switchOf(watch) !== 'off')
}

/** Returns which areas did not get it and why. */
async function handOnToEach(
  { handOn }: Dependencies,
  areas: readonly Area[],
  event: unknown,
  region: string,
): Promise<readonly string[]> {
  const outcomes = await Promise.allSettled(areas.map(async (area) => handOn(area, event, region)))
  return outcomes.flatMap((outcome, index) =>
    outcome.status === 'fulfilled' ? [] : `${areas[index]}: ${reasonOf(outcome.reason)}`,
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'an unnamed error'
}
