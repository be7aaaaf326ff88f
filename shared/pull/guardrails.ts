import { policyDocumentOf, statedDocument } from '../iam/evaluate/document.ts'
import type { GuardrailLevel, PolicyDocument } from '../iam/evaluate/types.ts'
import type { Guardrail, GuardrailType, OrganizationTree } from '../inventory/organizations.ts'

/** The guardrails of an account, or the assumption a verdict carries when they are not known. */
export interface Guardrails {
  /** Undefined: none bind the account, or none are known. */
  readonly levels: readonly GuardrailLevel[] | undefined
  readonly assumptions: readonly string[]
}

const kinds = {
  SERVICE_CONTROL_POLICY: { name: 'service control policy', full: 'p-FullAWSAccess' },
  RESOURCE_CONTROL_POLICY: { name: 'resource control policy', full: 'p-RCPFullAWSAccess' },
} as const

/**
 * The policies of one type that bind an account. Guardrails are often not readable from a member account, so unknown ones
 * become an assumption instead of leaving every verdict open; nothing is assumed silently.
 */
export function guardrailsOf(tree: OrganizationTree, accountId: string, type: GuardrailType): Guardrails {
  const fact = tree.levelsOf(accountId, type)
  switch (fact.state) {
    case 'known':
      return {
        levels: fact.value.map(({ orgIdentifier, guardrails }) => ({
          orgIdentifier,
          policies: guardrails.map((guardrail) => documentOf(guardrail, type)),
        })),
        assumptions: fact.assumptions,
      }
    case 'absent':
      return { levels: undefined, assumptions: fact.assumptions }
    case 'unknown': {
      const assumption = `assumes that no ${kinds[type].name} binding account ${accountId} denies it (${fact.reason})`
      return { levels: undefined, assumptions: [assumption] }
    }
    default:
      return fact satisfies never
  }
}

function documentOf({ id, name, content }: Guardrail, type: GuardrailType): PolicyDocument {
  const title = `${kinds[type].name} ${name}`
  // AWS's own full-access policies are listed without content by some readers; what they say is documented.
  if (id === kinds[type].full && content.state !== 'known') return allowEverything(title)
  return policyDocumentOf(title, content)
}

function allowEverything(name: string): PolicyDocument {
  return statedDocument(name, {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  })
}
