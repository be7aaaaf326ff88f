import type { LaunchTemplate } from '../inventory/compute.ts'
import { clip } from '../model/quote.ts'

/** Whether the inventory carries the version of a launch template that is used: for certain, by assumption, or not. */
export type VersionHeld =
  | { readonly state: 'held'; readonly assumptions: readonly string[] }
  | { readonly state: 'missing'; readonly reason: string }

/**
 * Compares the version that starts instances (a number, `$Default` or `$Latest`; the default one when undefined) with those the
 * template tells of. An item carries one version and does not say which: while default and newest differ, either may be it.
 */
export function versionHeld({ name, versions }: LaunchTemplate, wanted = '$Default'): VersionHeld {
  if (versions === undefined) return { state: 'held', assumptions: [] }
  const { standard, latest } = versions
  const used = wanted === '$Default' ? standard : wanted === '$Latest' ? latest : wanted
  if (used !== standard && used !== latest) {
    return {
      state: 'missing',
      reason: `version ${clip(used)} of launch template ${clip(name)} is not in the inventory`,
    }
  }
  if (standard === latest) return { state: 'held', assumptions: [] }
  const assumption = `assumes that the inventory holds version ${clip(used)} of launch template ${clip(name)}, not another`
  return { state: 'held', assumptions: [assumption] }
}
