import type { Truth } from '../conditions/context.ts'
import { type CompiledStatement, compilePolicy, statementsAbout } from './compiled-policy.ts'
import type { Naming } from './principal-element.ts'
import { anyReach, namesPrincipals, type Subject, type Tested, testStatement } from './test-statement.ts'
import type { LayerName, Missing, PolicyDocument, StatementOutcome } from './types.ts'

/** An answer and what an unknown one depends on. */
export interface Answer {
  readonly truth: Truth
  readonly missing: readonly Missing[]
  /** The statement that made it true. */
  readonly statement?: StatementOutcome
}

/** What the documents of one layer say. */
export interface Scan {
  readonly deny: Answer
  /** Any Allow at all. */
  readonly allow: Answer
  /** Allows by how they name the caller; of no meaning in layers that name nobody. */
  readonly direct: Answer
  readonly entity: Answer
  readonly account: Answer
}

/** True, with nothing missing. */
export const yes: Answer = { truth: 'true', missing: [] }
/** False, with nothing missing. */
export const no: Answer = { truth: 'false', missing: [] }

/** A layer without any statement about the request. */
export const silent: Scan = { deny: no, allow: no, direct: no, entity: no, account: no }

/** A document, and how far its word counts. */
export interface Counted {
  readonly document: PolicyDocument
  /** Weakens what a matching statement says; undefined when it counts in full. */
  readonly doubt?: (effect: 'Allow' | 'Deny') => string | undefined
}

/** A document that could not be read. */
export interface UnreadDocument {
  readonly policy: string
  readonly reason: string
}

/** What became of every statement of a layer, written down for an explanation. */
export interface Journal {
  readonly statements: StatementOutcome[]
  readonly unread: UnreadDocument[]
}

/** Where and about what documents are scanned. */
export interface Place {
  readonly layer: LayerName
  readonly subject: Subject
  /** Undefined when nobody asks for an explanation. */
  readonly journal: Journal | undefined
}

type Draft = { -readonly [K in keyof Scan]: Scan[K] }

/** Tests every statement about the action. */
export function scanDocuments(documents: readonly Counted[], place: Place): Scan {
  const scan: Draft = { deny: no, allow: no, direct: no, entity: no, account: no }
  for (const counted of documents) scanDocument(counted, place, scan)
  return scan
}

function scanDocument(counted: Counted, place: Place, scan: Draft): void {
  const { document } = counted
  if (document.state === 'unknown') {
    addUnread(document.name, document.reason, scan)
    place.journal?.unread.push({ policy: document.name, reason: document.reason })
    return
  }
  const policy = compilePolicy(document.policy)
  const about = statementsAbout(policy, place.subject.action)
  if (place.journal !== undefined) writeDown(policy.statements, about, counted, place, place.journal, scan)
  else for (const compiled of about) take(compiled, counted, place, scan)
}

function writeDown(
  statements: readonly CompiledStatement[],
  about: readonly CompiledStatement[],
  counted: Counted,
  place: Place,
  journal: Journal,
  scan: Draft,
): void {
  let next = 0
  for (const compiled of statements) {
    if (compiled === about[next]) {
      next += 1
      journal.statements.push(take(compiled, counted, place, scan))
    } else journal.statements.push(outcomeOf(compiled, counted.document.name, 'action'))
  }
}

/** Tests one statement and adds what it says. */
function take(compiled: CompiledStatement, { document, doubt }: Counted, place: Place, scan: Draft): StatementOutcome {
  const { name } = document
  const tested = testStatement(compiled, place.layer, name, place.subject)
  if (tested.truth === 'false') {
    return place.journal === undefined ? ignored : outcomeOf(compiled, name, tested.failed, tested.on)
  }
  const counting = weaken(tested, doubt?.(compiled.statement.effect))
  const statement = outcomeOf(compiled, name, counting.truth === 'true' ? 'matches' : 'unknown', counting.on)
  add(scan, counting, statement, namesPrincipals(place.layer))
  return statement
}

/** Stands for outcomes that nobody asked for. */
const ignored: StatementOutcome = { policy: '', position: 0, sid: undefined, effect: 'Allow', outcome: 'action' }

type Met = Exclude<Tested, { readonly truth: 'false' }>

function weaken(tested: Met, fact: string | undefined): Met {
  return fact === undefined
    ? tested
    : { ...tested, truth: 'unknown', missing: [...tested.missing, { kind: 'fact', fact }], on: tested.on ?? fact }
}

function addUnread(policy: string, reason: string, scan: Draft): void {
  const answer: Answer = { truth: 'unknown', missing: [{ kind: 'document', policy, reason }] }
  scan.deny = or(scan.deny, answer)
  scan.allow = or(scan.allow, answer)
  scan.direct = or(scan.direct, answer)
  scan.entity = or(scan.entity, answer)
  scan.account = or(scan.account, answer)
}

function add(scan: Draft, tested: Met, statement: StatementOutcome, isNaming: boolean): void {
  const sure: Answer | undefined = tested.truth === 'true' ? { truth: 'true', missing: [], statement } : undefined
  const open: Answer = sure ?? { truth: 'unknown', missing: tested.missing, statement }
  const answer = (reach: Truth): Answer =>
    reach === 'false' ? no : reach === 'true' ? open : { truth: 'unknown', missing: tested.missing, statement }
  if (statement.effect === 'Deny') {
    scan.deny = or(scan.deny, answer(anyReach(tested.naming)))
    return
  }
  scan.allow = or(scan.allow, answer(anyReach(tested.naming)))
  if (isNaming) addReaches(scan, tested.naming, answer)
}

function addReaches(scan: Draft, naming: Naming, answer: (reach: Truth) => Answer): void {
  scan.direct = or(scan.direct, answer(naming.direct))
  scan.entity = or(scan.entity, answer(naming.entity))
  scan.account = or(scan.account, answer(naming.account))
}

/** A statement as the proof shows it. */
function outcomeOf(
  { statement }: CompiledStatement,
  policy: string,
  outcome: StatementOutcome['outcome'],
  on?: string,
): StatementOutcome {
  const { position, sid, effect } = statement
  return on === undefined ? { policy, position, sid, effect, outcome } : { policy, position, sid, effect, outcome, on }
}

/** Or: true when either is; otherwise what is missing is missing for both. */
export function or(left: Answer, right: Answer): Answer {
  if (left.truth === 'true' || right.truth === 'false') return left
  if (right.truth === 'true' || left.truth === 'false') return right
  return { ...left, missing: [...left.missing, ...right.missing] }
}

/** And: false when either is; otherwise what is missing is missing for both. */
export function and(left: Answer, right: Answer): Answer {
  if (left.truth === 'false' || right.truth === 'true') return left
  if (right.truth === 'false' || left.truth === 'true') return right
  return { ...left, missing: [...left.missing, ...right.missing] }
}
