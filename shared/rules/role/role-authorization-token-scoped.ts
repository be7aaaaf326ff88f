import type { PolicyDocument } from '../../iam/evaluate/types.ts'
import type { TokenStatement } from '../../iam/permissions/token-statements.ts'
import { tokenStatements } from '../../iam/permissions/token-statements.ts'
import type { Role } from '../../inventory/iam.ts'
import { clip, listed } from '../../model/quote.ts'
import type { Evidence, MissingFact, Verdict } from '../../model/verdict.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { layersOfRole } from '../../pull/role-layers.ts'
import { permissionsOfRole } from '../../pull/role-permissions.ts'
import { defineRule, type RuleContext } from '../define-rule.ts'
import { missingOfPermissions, splitGrants } from '../describe-permissions.ts'
import { noParameters } from '../parameters.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'

/** Actions behind a docker login: whoever may use them needs the token. */
const needingToken: ReadonlySet<string> = new Set(['ecr:BatchGetImage', 'ecr:PutImage'])

/** The token is of the registry, not of a repository: a repository ARN there never matches. */
export const rule = defineRule({
  id: 'role-authorization-token-scoped',
  area: 'role',
  title: 'Roles are granted ecr:GetAuthorizationToken on all resources, where alone it works',
  severity: 'HIGH',
  why: 'A statement that allows the token on repositories never matches: the role looks able to pull and is denied.',
  fix: 'Allow ecr:GetAuthorizationToken in a statement of its own with "Resource": "*"; keep the repositories for the other actions.',
  notes: [
    'The action knows no resources: "Resource": "*" on it is right and never reported.',
    'A pattern such as ecr:* on repositories is reported when the role may also pull or push, which needs the token.',
    'Only the resources are judged: conditions, boundaries and guardrails may take the token away all the same.',
  ],
  judges: 'AWS::IAM::Role',
  reads: roleReads(),
  triggers: roleTriggers('iam:CreateRole'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html',
  parameters: noParameters,
  evaluate: (role, context) => {
    if (role.path.startsWith('/aws-service-role/'))
      return notApplicable('AWS defines what a service-linked role may do.')
    const layers = layersOfRole(context.inventory, role)
    const { assumptions } = layers
    const statements = tokenStatements(layers.identityPolicies)
    const evidence = [...statements.map(evidenceOf), ...layers.evidence]
    if (statements.some(({ coversAll }) => coversAll)) {
      return compliant('A statement allows ecr:GetAuthorizationToken on all resources.', { evidence, assumptions })
    }
    const unread = unreadOf(layers.identityPolicies)
    if (unread.length > 0) return undetermined(unread, evidence)
    const meant = statements.filter(isAboutRegistries)
    if (meant.some(({ by }) => by === 'literal')) return neverMatching(meant, evidence, assumptions)
    return meant.length === 0
      ? notApplicable('No statement is meant to allow ecr:GetAuthorizationToken.')
      : asNeeded(role, context, meant, evidence)
  },
})

function unreadOf(documents: readonly PolicyDocument[]): readonly MissingFact[] {
  return documents.flatMap((document) =>
    document.state === 'unknown'
      ? [{ reason: `${clip(document.name)}: ${clip(document.reason)}`, transience: 'lasting' as const }]
      : [],
  )
}

/** A pattern such as `*` on buckets or queues says nothing about registries. */
function isAboutRegistries({ by, resources }: TokenStatement): boolean {
  return by !== 'anyService' || resources.some((resource) => /^arn:[^:]*:ecr:/.test(resource))
}

/** A pattern speaks of the token by the way: what else the role may do tells whether it is missed. */
function asNeeded(
  role: Role,
  context: RuleContext,
  meant: readonly TokenStatement[],
  evidence: readonly Evidence[],
): Verdict {
  const permissions = permissionsOfRole(context, role, 'anybody')
  const { held, open } = splitGrants(permissions.grants.filter(({ action }) => needingToken.has(action)))
  if (held.length > 0) return neverMatching(meant, evidence, permissions.assumptions)
  const lacking = missingOfPermissions(permissions, open)
  return lacking.length > 0
    ? undetermined(lacking, evidence)
    : notApplicable('The role may neither pull nor push, and no statement names ecr:GetAuthorizationToken.')
}

function neverMatching(
  meant: readonly TokenStatement[],
  evidence: readonly Evidence[],
  assumptions: readonly string[],
): Verdict {
  const resources = [...new Set(meant.map(onWhat))]
  const reason = `ecr:GetAuthorizationToken is allowed only on ${listed(resources, 3)}, where it never matches.`
  return noncompliant(reason, { evidence, assumptions })
}

function evidenceOf(token: TokenStatement): Evidence {
  const { policy, position, sid } = token.statement
  return {
    source: `${clip(policy)}, statement ${position}${sid === undefined ? '' : ` (Sid "${clip(sid)}")`}`,
    detail: `Allows ${clip(token.action)} on ${onWhat(token)}`,
  }
}

function onWhat({ resources, complement }: TokenStatement): string {
  return `${complement ? 'all but ' : ''}${listed(resources, 3)}`
}
