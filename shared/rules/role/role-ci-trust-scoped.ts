import { matchesWildcard } from '../../iam/match/wildcard.ts'
import type { RegistryGrant } from '../../iam/permissions/types.ts'
import type { OidcTrust, WildcardSubject } from '../../iam/trust/web-identity-trust.ts'
import { clip, listed } from '../../model/quote.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { permissionsOfRole } from '../../pull/role-permissions.ts'
import { defineRule } from '../define-rule.ts'
import { evidenceOfRoleGrants, missingOfPermissions, splitGrants } from '../describe-permissions.ts'
import { roleReads, roleTriggers } from '../role-reads.ts'
import { ciTrustScoped as parameters } from '../rule-parameters.ts'
import { evidenceOfTrusts, missingOfTrusts, trustsOfRole } from '../trust-of-role.ts'

/** Who may push is whoever may take the role: a wildcard in the subject lets in workflows nobody reviewed. */
export const rule = defineRule({
  id: 'role-ci-trust-scoped',
  area: 'role',
  title: 'Roles that push images trust exact subjects of an external identity provider',
  severity: 'HIGH',
  why: 'Any repository or branch that a wildcard admits can replace the images that production runs.',
  fix: 'Condition the trust with StringEquals on the sub of the one branch, tag or environment that publishes images.',
  notes: [
    'A wildcard inside one repository or project (repo:ORGANIZATION/REPOSITORY:*) is reported with severity MEDIUM.',
    'Judged are roles that may use ecr:PutImage on some repository.',
    'A condition on another claim (repository, job_workflow_ref) is shown in the evidence and does not excuse a wildcard subject; allowedSubjects does.',
    'Resource control policies that restrict identity providers are not considered.',
  ],
  judges: 'AWS::IAM::Role',
  reads: roleReads(),
  triggers: roleTriggers('iam:CreateRole'),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
  parameters,
  evaluate: (role, context) => {
    const answer = trustsOfRole(role)
    if (answer.kind === 'missing') return undetermined(answer.missing)
    const trusts = answer.trusts.filter(({ kind }) => kind !== 'eks')
    if (trusts.length === 0) return notApplicable('The role trusts no external identity provider.')
    const permissions = permissionsOfRole(context, role, 'anybody')
    const pushes = splitGrants(permissions.grants.filter(({ action }) => action === 'ecr:PutImage'))
    const evidence = [...evidenceOfTrusts(trusts), ...evidenceOfRoleGrants(pushes.held), ...permissions.evidence]
    const unclear = pushes.held.length === 0 ? missingOfPermissions(permissions, pushes.open) : []
    if (pushes.held.length === 0 && unclear.length === 0) return notApplicable('The role cannot push images.')
    const { allowedSubjects } = context.parameters
    const loose = trusts.flatMap((trust) => looseSubjects(trust, allowedSubjects))
    const lacking = missingOfTrusts(trusts)
    const assumptions = [...permissions.assumptions, ...assumedOwners(pushes.held)]
    if (loose.length === 0) {
      return lacking.length > 0
        ? undetermined([...unclear, ...lacking], evidence)
        : compliant('Only subjects spelt out or allowed by the settings may take the role.', { evidence, assumptions })
    }
    if (unclear.length > 0) return undetermined(unclear, evidence)
    const inOne = loose.every(({ reach }) => reach === 'one')
    return noncompliant(`It may push images and trusts ${listed(loose.map(describe), 3)}.`, {
      ...{ evidence, assumptions, severity: inOne ? 'MEDIUM' : 'HIGH' },
    })
  },
})

type Loose = Pick<WildcardSubject, 'pattern' | 'reach'> & { readonly provider: string }

/** Wildcard subjects that no allowed pattern covers. */
function looseSubjects(
  { provider, anySubject, wildcardSubjects }: OidcTrust,
  allowed: readonly string[],
): readonly Loose[] {
  const every: readonly Omit<Loose, 'provider'>[] = anySubject ? [{ pattern: '*', reach: 'issuer' }] : wildcardSubjects
  return every
    .filter(({ pattern }) => !allowed.some((glob) => covers(glob, pattern)))
    .map(({ pattern, reach }) => ({ pattern, reach, provider }))
}

/** A star of the pattern stands for more characters than all question marks of the glob can swallow. */
function covers(glob: string, pattern: string): boolean {
  return matchesWildcard(glob, pattern.replaceAll('*', '*'.repeat(glob.split('?').length)))
}

function describe({ pattern, provider }: Loose): string {
  return `${pattern === '*' ? 'any subject' : clip(pattern)} of ${provider === '*' ? 'any provider' : clip(provider)}`
}

/** Pushing into another account takes the consent of its owner, which is not asked here. */
function assumedOwners(grants: readonly RegistryGrant[]): readonly string[] {
  if (grants.some(({ inHomeAccount }) => inHomeAccount)) return []
  const patterns = [...new Set(grants.map(({ pattern }) => pattern))]
  return patterns.length === 0 ? [] : [`assumes that the owner of ${listed(patterns, 2)} lets the role push there`]
}
