import * as fc from 'fast-check'
import { type FaultKind, faultKinds, type PlannedFault } from './faults.ts'

/** What plans are made of. */
export interface PlanSpace {
  readonly accounts: readonly string[]
  /** With `global` for services without regions. */
  readonly regions: readonly string[]
  /** `service:Operation`. */
  readonly operations: readonly string[]
  readonly kinds?: readonly FaultKind[]
  readonly most?: number
}

/** A fault everywhere and always shrinks to one that is somewhere and once. */
const fewerFirst = { withCrossShrink: true }

/** Plans of a few faults; they shrink to fewer faults, to single calls and to named places. */
export function plans(space: PlanSpace): fc.Arbitrary<readonly PlannedFault[]> {
  return fc.array(plannedFault(space), { minLength: 1, maxLength: space.most ?? 4 })
}

function plannedFault({ accounts, regions, operations, kinds = faultKinds }: PlanSpace): fc.Arbitrary<PlannedFault> {
  return fc.record({
    account: fc.oneof(fewerFirst, { weight: 5, arbitrary: fc.constantFrom(...accounts) }, fc.constant('*')),
    region: fc.oneof(fewerFirst, { weight: 3, arbitrary: fc.constantFrom(...regions) }, fc.constant('*')),
    // Everything failing at once is one plan among many, not every tenth.
    operation: fc.oneof(fewerFirst, { weight: 20, arbitrary: fc.constantFrom(...operations) }, fc.constant('*')),
    nth: fc.oneof(fewerFirst, { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constant('every' as const)),
    fault: fc.constantFrom(...kinds),
  })
}

/** A plan in one line for the name of a failing run. */
export function planText(plan: readonly PlannedFault[]): string {
  return plan
    .map(({ account, region, operation, nth, fault }) => `${account} ${region} ${operation} ${nth}: ${textOf(fault)}`)
    .join('; ')
}

function textOf(fault: PlannedFault['fault']): string {
  if (typeof fault === 'string') return fault
  return 'error' in fault ? fault.error : 'another answer'
}
