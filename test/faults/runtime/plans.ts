import * as fc from 'fast-check'
import { type Area, type Estate, networkStates, repositoryStates, roleStates, serviceStates } from './estate.ts'
import { garbles, type PlannedFault, partly, readOperations, refusals, short, writeOperations } from './faults.ts'
import type { Conditions } from './sandbox.ts'

/** Something that happens to an account, one after the other. */
export type Step =
  /** Resource `index` of the area gets state `state` (both counted from 0, modulo), and everybody is told. */
  | { readonly do: 'change'; readonly area: Area; readonly index: number; readonly state: number }
  /** The daily notification is sent. */
  | { readonly do: 'sweep'; readonly area: Area }
  /** A task fails to pull, or runs, as the estate lets it; ECS tells of it. */
  | { readonly do: 'task' }
  /** One of the events that are under way arrives, so many times; one that arrives no time is lost. */
  | { readonly do: 'deliver'; readonly pick: number; readonly times: number; readonly conditions: Conditions }
  /** The queue hands over what it has, in this or the opposite order. */
  | { readonly do: 'publish'; readonly reversed: boolean; readonly conditions: Conditions }

/** A course of events, and what goes wrong on it. */
export interface Plan {
  readonly estate: Estate
  /** What the account has been judged for before anything happens. */
  readonly swept: boolean
  readonly steps: readonly Step[]
  readonly faults: readonly PlannedFault[]
  /** Nobody can publish it. */
  readonly poison: boolean
  /** The order in which what is left at the end arrives, and how those invocations fare, in turns. */
  readonly rest: { readonly pick: number; readonly conditions: readonly Conditions[] }
  /** What the plan is about; everything else of the estate rests. */
  readonly areas: readonly Area[]
}

const estate: fc.Arbitrary<Estate> = fc.record({
  repositories: fc.array(fc.constantFrom(...repositoryStates), { minLength: 3, maxLength: 3 }),
  roles: fc.array(fc.constantFrom(...roleStates), { minLength: 2, maxLength: 2 }),
  network: fc.constantFrom(...networkStates),
  batch: fc.constantFrom(...serviceStates),
})

/** Faults of what the areas make requests of. */
function faultsOf(concerned: readonly Area[], hasPulls: boolean): fc.Arbitrary<PlannedFault> {
  const { all, pulls } = readOperations
  const reads = [...concerned.flatMap((area) => readOperations[area]), ...all, ...(hasPulls ? pulls : [])]
  const nth = fc.integer({ min: 1, max: 4 })
  const operation = (...names: readonly string[]) => fc.constantFrom(...names)
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ operation: operation(...reads), nth, kind: fc.constantFrom(...refusals, ...garbles) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        operation: operation(...writeOperations),
        nth,
        kind: fc.constantFrom(...refusals, ...garbles, partly, partly),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ operation: operation('ecr:DescribeRepositories'), nth, kind: fc.constant(short) }),
    },
  )
}

const life = { cold: fc.boolean(), killedAfter: fc.nat({ max: 14 }) }
/** Mostly enough time. */
const usual: fc.Arbitrary<Conditions> = fc.record(
  { ...life, latency: fc.constantFrom(0, 0, 40, 1_000), limit: fc.constantFrom(300_000, 60_000, 30_000) },
  { requiredKeys: [] },
)
/** The time is up when a part is read. */
const hurried: fc.Arbitrary<Conditions> = fc.record(
  { ...life, latency: fc.constantFrom(200, 500, 900), limit: fc.integer({ min: 21_000, max: 26_000 }) },
  { requiredKeys: ['latency', 'limit'] },
)

/** How much of each kind of step. */
export interface Emphasis {
  readonly change: number
  readonly sweep: number
  readonly task: number
  readonly deliver: number
  readonly publish: number
  /** Invocations have so little time that sweeps have to go on in another. */
  readonly isHurried?: boolean
}

/** Plans with that emphasis, of at most so many steps and faults. */
export function plans(
  { change, sweep, task, deliver, publish, isHurried = false }: Emphasis,
  most = { steps: 8, faults: 7 },
): fc.Arbitrary<Plan> {
  const conditions = isHurried ? fc.oneof(usual, hurried) : usual
  return fc
    .record({
      // Networks take most calls, and are in every other plan.
      first: fc.constantFrom<Area>('ecr', 'ecr', 'ecr', 'role', 'role', 'image', 'image', 'vpc'),
      second: fc.constantFrom<Area>('ecr', 'ecr', 'ecr', 'role', 'role', 'image', 'image', 'vpc'),
    })
    .chain(({ first, second }) => {
      const concerned = [...new Set([first, second])]
      const area = fc.constantFrom(...concerned)
      const step = fc.oneof(
        {
          weight: change,
          arbitrary: fc.record({ do: fc.constant('change' as const), area, index: fc.nat(2), state: fc.nat(3) }),
        },
        { weight: sweep, arbitrary: fc.record({ do: fc.constant('sweep' as const), area }) },
        { weight: task, arbitrary: fc.record({ do: fc.constant('task' as const) }) },
        {
          weight: deliver,
          arbitrary: fc.record({
            do: fc.constant('deliver' as const),
            pick: fc.nat(9),
            times: fc.constantFrom(0, 1, 1, 2, 3),
            conditions,
          }),
        },
        {
          weight: publish,
          arbitrary: fc.record({ do: fc.constant('publish' as const), reversed: fc.boolean(), conditions }),
        },
      )
      return fc.record({
        ...{ estate, swept: fc.boolean(), poison: fc.boolean(), areas: fc.constant(concerned) },
        steps: fc.array(step, { maxLength: most.steps }),
        faults: fc.array(faultsOf(concerned, task > 0), { maxLength: most.faults }),
        rest: fc.record({ pick: fc.nat(9), conditions: fc.array(conditions, { maxLength: 4 }) }),
      })
    })
}
