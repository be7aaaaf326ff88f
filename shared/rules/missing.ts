import type { Fact } from '../model/fact.ts'
import { clip } from '../model/quote.ts'
import type { MissingFact } from '../model/verdict.ts'

/** An unknown fact as the missing fact of a verdict: `what` says which fact it is, the reason says why we lack it. */
export function missing(what: string, fact: Extract<Fact<unknown>, { state: 'unknown' }>): MissingFact {
  return { reason: `${what}: ${clip(fact.reason)}`, transience: fact.transience }
}

/** The assumptions a fact carries; an unknown fact carries none. */
export function assumptionsOf(fact: Fact<unknown>): readonly string[] {
  return fact.state === 'unknown' ? [] : fact.assumptions
}
