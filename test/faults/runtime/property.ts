import * as fc from 'fast-check'
import { Course } from './course.ts'
import type { Plan } from './plans.ts'

/** Milliseconds for a property of so many plans, on a machine that has other things to do. */
export const timeFor = (runs: number): number => 120_000 + runs * 1_000

/**
 * Plays that many plans. One that fails is shrunk and printed with the seed and path that bring it back, as
 * `fc.assert(…, { seed, path, endOnFailure: true })` takes them.
 */
export function holds(plans: fc.Arbitrary<Plan>, numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(plans, (plan) => new Course(plan).play()),
    { numRuns },
  )
}
