import { absentKey, allTrue, type ContextValue, type Truth } from '../conditions/context.ts'
import { hasWildcard } from '../match/wildcard.ts'
import { candidates, type Situation, untried } from './candidates.ts'
import type { Clause } from './clause.ts'
import type { ActionMask } from './scope.ts'
import { mentioned, type World } from './world.ts'

/** Contexts tried for one statement and one situation. */
const maximumContexts = 4096

/** Beginning a search takes about as long as some comparisons. */
export const situationCost = 100

/** Making a value to try is dearer than a comparison. */
const candidateCost = 40

/** What is said of a statement that could not be searched to the end. */
export const tooComplex = 'policy too complex'

/** Steps left for one statement, so that no other statement and no order of them changes what is found. */
export interface Budget {
  left: number
}

/** A statement prepared for the search. */
export interface Prepared {
  readonly mask: ActionMask
  readonly clauses: readonly Clause[]
}

/** What a search found: actions some context surely allows, and those that rest on something unknown. */
export interface Reach {
  readonly certain: ActionMask
  readonly possible: ActionMask
  readonly uncertain: ReadonlySet<string>
  readonly narrowedBy: ReadonlySet<string>
  /** Keys none of whose values meet the Allow's own conditions. */
  readonly impossible: ReadonlySet<string>
}

interface Choice {
  readonly value: ContextValue
}

/** Looks for contexts of the situation in which the Allow holds and the Deny statements leave something of it. */
export function solve(
  allow: Prepared,
  denies: readonly Prepared[],
  situation: Situation,
  world: World,
  budget: Budget,
): Reach {
  const relevant = denies.filter((deny) => (deny.mask & allow.mask) !== 0n)
  const all = [...allow.clauses, ...relevant.flatMap((deny) => deny.clauses)]
  const narrowedBy = new Set<string>()
  const impossible = new Set<string>()
  const keys = [...new Set(all.flatMap((clause) => clause.keys))]
  const axes: [string, readonly Choice[]][] = []
  for (const key of keys) {
    const choices = reduce(key, allow.clauses, all, situation, world, budget, narrowedBy)
    if (budget.left <= 0) return unsearched(allow.mask)
    if (choices.length === 0) impossible.add(key)
    axes.push([key, choices])
  }
  if (impossible.size > 0) return { ...nothing, impossible }
  return { ...search(allow, relevant, axes, situation, budget), narrowedBy, impossible }
}

/** What a search found that had nothing to find. */
export const nothing: Reach = {
  certain: 0n,
  possible: 0n,
  uncertain: new Set(),
  narrowedBy: new Set(),
  impossible: new Set(),
}

/** What a search found that had no step left. */
export function unsearched(mask: ActionMask): Reach {
  return { ...nothing, possible: mask, uncertain: new Set([tooComplex]) }
}

/** Keeps one value of each kind: those the Allow refuses are out, and of values all tests judge alike one will do. */
function reduce(
  key: string,
  own: readonly Clause[],
  all: readonly Clause[],
  situation: Situation,
  world: World,
  budget: Budget,
  narrowedBy: Set<string>,
): readonly Choice[] {
  const alone = all.filter((clause) => clause.keys.length === 1 && clause.keys[0] === key)
  const shared = all.some((clause) => clause.keys.length > 1 && clause.keys.includes(key))
  const kept = new Map<string, Choice>()
  budget.left -= crossingCost(mentioned(world, key))
  if (budget.left <= 0) return []
  for (const value of candidates(key, situation, world)) {
    budget.left -= candidateCost
    const context = new Map([[key, value]])
    const truths = alone.map((clause) => spend(clause, budget).evaluate(context, situation.actor))
    const refusing = alone.filter((clause, index) => truths[index] === 'false' && own.includes(clause))
    for (const clause of refusing) if (clause.sentence !== '') narrowedBy.add(clause.sentence)
    if (refusing.length > 0) continue
    const kind = shared || value === untried ? JSON.stringify(value) : truths.join()
    if (!kept.has(kind)) kept.set(kind, { value })
    if (budget.left <= 0) break
  }
  return [...kept.values()]
}

/** Finding what patterns have in common takes steps by their length. */
function crossingCost(values: readonly string[]): number {
  return values.reduce((sum, value) => (hasWildcard(value) ? sum + 4 * value.length : sum), 0)
}

/** Why a clause is unknown: a value left untried is our limit, not one of the policy language. */
function said({ keys, label }: Clause, context: ReadonlyMap<string, ContextValue>): string {
  return keys.some((key) => context.get(key) === untried) ? tooComplex : label
}

function spend(clause: Clause, budget: Budget): Clause {
  budget.left -= clause.cost
  return clause
}

function search(
  allow: Prepared,
  denies: readonly Prepared[],
  axes: readonly (readonly [string, readonly Choice[]])[],
  situation: Situation,
  budget: Budget,
): Pick<Reach, 'certain' | 'possible' | 'uncertain'> {
  const total = axes.reduce((product, [, choices]) => product * choices.length, 1)
  const uncertain = new Set<string>()
  let certain = 0n
  let possible = 0n
  for (let index = 0; index < total && certain !== allow.mask; index += 1) {
    if (index >= maximumContexts || budget.left <= 0) {
      uncertain.add(tooComplex)
      return { certain, possible: allow.mask, uncertain }
    }
    const outcome = judge(allow, denies, contextAt(axes, index), situation, budget)
    certain |= outcome.certain
    if ((outcome.possible & ~possible) !== 0n) for (const label of outcome.labels) uncertain.add(label)
    possible |= outcome.possible
  }
  return { certain, possible: possible & ~certain, uncertain }
}

/** The index-th combination of one value per key. */
function contextAt(
  axes: readonly (readonly [string, readonly Choice[]])[],
  index: number,
): ReadonlyMap<string, ContextValue> {
  let rest = index
  return new Map(
    axes.map(([key, choices]) => {
      const choice = choices[rest % choices.length]
      rest = Math.floor(rest / choices.length)
      return [key, choice?.value ?? absentKey]
    }),
  )
}

function judge(
  allow: Prepared,
  denies: readonly Prepared[],
  context: ReadonlyMap<string, ContextValue>,
  { actor }: Situation,
  budget: Budget,
): { readonly certain: ActionMask; readonly possible: ActionMask; readonly labels: readonly string[] } {
  const labels: string[] = []
  const truthOf = (prepared: Prepared): Truth => {
    const truths = prepared.clauses.map((clause) => spend(clause, budget).evaluate(context, actor))
    const truth = allTrue(truths)
    if (truth === 'unknown')
      labels.push(
        ...prepared.clauses.filter((_, at) => truths[at] === 'unknown').map((clause) => said(clause, context)),
      )
    return truth
  }
  const allowed = truthOf(allow)
  if (allowed === 'false') return { certain: 0n, possible: 0n, labels: [] }
  let left = allow.mask
  let doubtful = allowed === 'unknown' ? allow.mask : 0n
  for (const deny of denies) {
    const applies = truthOf(deny)
    if (applies === 'true') left &= ~deny.mask
    else if (applies === 'unknown') doubtful |= deny.mask
  }
  return { certain: left & ~doubtful, possible: left & doubtful, labels }
}
