import { decide } from './evaluate.ts'
import { evaluateLayers } from './layers.ts'
import type { UnreadDocument } from './scan.ts'
import type { AccessCase, Decision, LayerName, StatementOutcome } from './types.ts'

/** The statements of one layer, each with what became of it, and the documents that could not be read. */
export interface LayerStatements {
  readonly layer: LayerName
  readonly orgIdentifier?: string
  readonly statements: readonly StatementOutcome[]
  readonly unread: readonly UnreadDocument[]
}

/** A decision with every statement of every layer that has a say. */
export interface Explanation {
  readonly decision: Decision
  /** In the order AWS evaluates the layers. */
  readonly layers: readonly LayerStatements[]
}

/** Decides one request as `evaluateAccess` does, and lists what became of each statement: one pass for both. */
export function explainAccess(one: AccessCase): Explanation {
  const layered = evaluateLayers(one, true)
  const layers: LayerStatements[] = []
  for (const { layer, orgIdentifier, journal } of layered.layers) {
    if (journal === undefined) continue
    const { statements, unread } = journal
    layers.push(
      orgIdentifier === undefined ? { layer, statements, unread } : { layer, orgIdentifier, statements, unread },
    )
  }
  return { decision: decide(layered, one.request), layers }
}
