import { compilePolicy, speaksOfAction } from './compiled-policy.ts'
import { countedResourcePolicies, subjectOf } from './layers.ts'
import { type Counted, outcomeOf } from './scan.ts'
import { type Subject, testStatement } from './test-statement.ts'
import type { AccessCase, GuardrailLevel, LayerName, PolicyDocument, StatementOutcome } from './types.ts'

/** The statements of one layer, each with what became of it. */
export interface LayerStatements {
  readonly layer: LayerName
  readonly orgIdentifier?: string
  readonly statements: readonly StatementOutcome[]
}

/** Every statement of every layer of a case with its outcome, in the order AWS evaluates the layers. */
export function explainAccess(one: AccessCase): readonly LayerStatements[] {
  const subject = subjectOf(one)
  const layer = (name: LayerName, documents: readonly PolicyDocument[] | undefined): readonly LayerStatements[] =>
    documents === undefined ? [] : [{ layer: name, statements: outcomes(name, documents.map(plain), subject) }]
  const levels = (name: LayerName, given: readonly GuardrailLevel[] | undefined): readonly LayerStatements[] =>
    (given ?? []).map(({ orgIdentifier, policies }) => ({
      layer: name,
      orgIdentifier,
      statements: outcomes(name, policies.map(plain), subject),
    }))
  const resource = countedResourcePolicies(one, subject)
  return [
    ...levels('rcp', one.resourceControlPolicies),
    ...levels('scp', one.serviceControlPolicies),
    ...(resource.length === 0
      ? []
      : [{ layer: 'resource' as const, statements: outcomes('resource', resource, subject) }]),
    ...layer('identity', one.identityPolicies),
    ...layer('boundary', one.permissionsBoundaries),
    ...layer('session', one.sessionPolicies),
    ...layer('endpoint', one.endpointPolicies),
  ]
}

function plain(document: PolicyDocument): Counted {
  return { document }
}

function outcomes(layer: LayerName, documents: readonly Counted[], subject: Subject): readonly StatementOutcome[] {
  return documents.flatMap(({ document, doubt }) => {
    if (document.state === 'unknown') return []
    return compilePolicy(document.policy).statements.map((compiled) => {
      if (!speaksOfAction(compiled.statement.action, subject.action))
        return outcomeOf(compiled, document.name, 'action')
      const tested = testStatement(compiled, layer, document.name, subject)
      if (tested.truth === 'false') return outcomeOf(compiled, document.name, tested.failed, tested.on)
      const fact = doubt?.(compiled.statement.effect)
      const isSure = tested.truth === 'true' && fact === undefined
      return outcomeOf(compiled, document.name, isSure ? 'matches' : 'unknown', tested.on ?? fact)
    })
  })
}
