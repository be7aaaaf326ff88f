import type { Explanation, LayerStatements } from '../../shared/iam/evaluate/explain.ts'
import type { UnreadDocument } from '../../shared/iam/evaluate/scan.ts'
import type {
  AccessRequest,
  LayerName,
  LayerOutcome,
  Missing,
  RequestPrincipal,
  StatementOutcome,
} from '../../shared/iam/evaluate/types.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import { decisionWords } from './result.ts'

const layerTitles: Record<LayerName, string> = {
  identity: 'Identity policies',
  resource: 'Resource policies',
  boundary: 'Permissions boundary',
  session: 'Session policy',
  scp: 'Service control policies',
  rcp: 'Resource control policies',
  endpoint: 'VPC endpoint policies',
  service: 'The service itself',
}

const resultWords: Record<LayerOutcome['result'], string> = {
  allowed: 'allows',
  explicitlyDenied: 'denies',
  implicitlyDenied: 'does not allow',
  unknown: 'cannot be told',
  notApplicable: 'has no say',
}

/** A decided case for a person: the request, every layer, every statement, and what is missing. */
export function renderCase(name: string, request: AccessRequest, { decision, layers }: Explanation): string {
  const lines = [
    `${name}: ${decisionWords[decision.decision]}`,
    `  ${who(request.principal)} asks for ${request.action} on ${request.resource.arn} of account ${request.resource.accountId}`,
    `  decided by: ${titleOf(decision.decidedBy)}: ${decision.decidedBy.reason}`,
    ...decision.layers.flatMap((outcome) => layerLines(outcome, layers)),
    ...(decision.missing.length === 0
      ? []
      : ['', '  Missing', ...decision.missing.map((one) => `    - ${missingText(one)}`)]),
  ]
  return `${lines.map(terminalText).join('\n')}\n`
}

function who(principal: RequestPrincipal): string {
  switch (principal.kind) {
    case 'anonymous':
      return 'an anonymous caller'
    case 'service':
      return principal.name
    case 'role':
    case 'session':
    case 'user':
    case 'federatedUser':
    case 'root':
      return principal.arn
    default:
      return principal satisfies never
  }
}

function titleOf({ layer, orgIdentifier }: Pick<LayerOutcome, 'layer' | 'orgIdentifier'>): string {
  return orgIdentifier === undefined ? layerTitles[layer] : `${layerTitles[layer]} of ${orgIdentifier}`
}

function layerLines(outcome: LayerOutcome, explained: readonly LayerStatements[]): readonly string[] {
  const own = explained.filter((one) => one.layer === outcome.layer && one.orgIdentifier === outcome.orgIdentifier)
  return [
    '',
    `  ${titleOf(outcome)}: ${resultWords[outcome.result]}: ${outcome.reason}`,
    ...own.flatMap(({ unread }) => unread.map(unreadLine)),
    ...own.flatMap(({ statements }) => statements.map(statementLine)),
  ]
}

function unreadLine({ policy, reason }: UnreadDocument): string {
  return `    ?      ${policy}: cannot be read: ${reason}`
}

function statementLine(statement: StatementOutcome): string {
  const sid = statement.sid === undefined ? '' : ` "${statement.sid}"`
  return `    ${statement.effect.padEnd(5)}  ${statement.policy}, statement ${statement.position}${sid}: ${outcomeText(statement)}`
}

function outcomeText({ outcome, on }: StatementOutcome): string {
  const detail = on === undefined ? '' : ` ${on}`
  switch (outcome) {
    case 'matches':
      return 'matches'
    case 'unknown':
      return on === undefined ? 'may match' : `may match: ${on} cannot be told`
    case 'principal':
    case 'action':
    case 'resource':
      return `does not match because of its ${outcome}`
    case 'condition':
      return `does not match because of its condition${detail}`
    default:
      return outcome satisfies never
  }
}

function missingText(missing: Missing): string {
  switch (missing.kind) {
    case 'contextKey':
      return `the context key ${missing.key}, for statement ${missing.position} of ${missing.policy}`
    case 'operator':
      return `what the operator ${missing.operator} means, for statement ${missing.position} of ${missing.policy}`
    case 'document':
      return `${missing.policy}: ${missing.reason}`
    case 'fact':
      return missing.fact
    default:
      return missing satisfies never
  }
}
