import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { accessTriggers, judgeAccess } from '../access-of-repository.ts'
import { defineRule } from '../define-rule.ts'
import { describeGrants, evidenceOfGrants, exposureOf, factsMissingOf, ofAudience } from '../describe-grants.ts'
import { noParameters } from '../parameters.ts'

/** No principal of an arbitrary AWS account may use the repository. */
export const rule = defineRule({
  id: 'ecr-repository-not-public',
  area: 'ecr',
  title: 'Repositories are not open to every AWS account',
  severity: 'CRITICAL',
  why: 'Anyone with an AWS account can pull these images, secrets baked into them included, or worse, push their own.',
  fix: 'Name the accounts or roles that pull, or require aws:PrincipalOrgID.',
  notes: [
    'Repository policy and registry policy are evaluated together: conditions, Deny statements and NotPrincipal included. A condition operator or key that is not known counts as could allow, and is named.',
    'When one of the two policies is unknown the verdict is undetermined, even when the other is open: a Deny in it could close the repository.',
    'Resource control policies of the organization are not read; they could still stop a caller.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: ['AWS::ECR::RegistryPolicy'],
  asksWhoIsOurs: true,
  triggers: accessTriggers,
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
  parameters: noParameters,
  evaluate: (repository, context) =>
    judgeAccess(repository, context, ({ grants, notes, assumptions }) => {
      const reaching = ofAudience(grants, 'anyone')
      const open = reaching.filter((grant) => grant.missing.length === 0)
      if (open.length === 0 && reaching.length > 0) {
        return undetermined(factsMissingOf(reaching), evidenceOfGrants(reaching, grants))
      }
      if (open.length === 0) {
        const evidence = [exposureOf(grants), ...notes]
        return compliant('No statement reaches anyone outside named accounts and organizations.', {
          assumptions,
          evidence,
        })
      }
      return noncompliant(describeGrants(open), {
        assumptions,
        evidence: [...evidenceOfGrants(open, grants), ...notes],
        remediation: `In the ${open[0]?.statement.document ?? 'policy'}, replace the open principal by the accounts or roles that pull, or add the condition StringEquals aws:PrincipalOrgID with the id of your organization.`,
      })
    }),
})
