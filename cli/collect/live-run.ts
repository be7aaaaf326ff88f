import type { CollectPlan } from './collect-plan.ts'
import type { LiveRun } from './run-live.ts'
import type { ScopeOptions } from './scope-options.ts'

/** How options and environment ask for a plan to be read. `configuredRegion`: of the environment or the profile. */
export function liveRunOf(
  options: ScopeOptions & { readonly quiet: boolean },
  plan: CollectPlan,
  configuredRegion: string | undefined,
  now: () => Date = () => new Date(),
): LiveRun {
  const endpoint = process.env.AWS_ENDPOINT_URL
  return {
    ...{ plan, configuredRegion, quiet: options.quiet, now },
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(endpoint === undefined || endpoint === '' ? {} : { endpoint }),
  }
}
