import type { AccessGrant } from '../../iam/access-types.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { accessTriggers, judgeAccess } from '../access-of-repository.ts'
import { defineRule } from '../define-rule.ts'
import {
  assumptionsOnNetworks,
  describeGrants,
  evidenceOfGrants,
  exposureOf,
  factsMissingOf,
  membershipMissingOf,
  ofAudience,
} from '../describe-grants.ts'
import { noParameters } from '../parameters.ts'

// These pull for functions and builds of the repository's own account; AWS documents their statements without a condition.
// ECS never pulls as a service principal: ecr-repository-policy-effective tells that its statement is dead.
const harmlessServices = new Set(['lambda.amazonaws.com', 'codebuild.amazonaws.com', 'ecs-tasks.amazonaws.com'])

/** Nobody outside own, organization and trusted accounts is named. */
export const rule = defineRule({
  id: 'ecr-repository-access-trusted',
  area: 'ecr',
  title: 'Only accounts we know are given access to repositories',
  severity: 'HIGH',
  why: 'An account outside the organization can pull these images, or push to them, for as long as the statement stands.',
  fix: 'Remove the outside principal, or declare its account in the setting trustedAccounts.',
  notes: [
    'Judges named principals. A repository open to any AWS account is the finding of ecr-repository-not-public; the exposure line shows it here too.',
    'An address range (aws:SourceIp) does not say who calls: whoever has an AWS account and sits there is outside.',
    'Where a hub publishes the organization, its members are known; while that cannot be read or is too old, an account that is neither own nor trusted leaves the verdict undetermined. Without a hub only settings say who is ours.',
    'A VPC or VPC endpoint of which the inventory does not say whose it is, and an organization id while the own one is not known, leave the verdict undetermined.',
    'aws:VpceAccount and aws:VpceOrgID say through whose network a caller comes, not whose caller it is: who is let in by them alone counts as the network’s owner does, which is stated as an assumption; an outside principal that is named beside them is outside.',
    'A service principal without aws:SourceArn, aws:SourceAccount or aws:SourceOrgID that ties it to accounts of yours can be used by strangers through the service (confused deputy): reported as MEDIUM. lambda.amazonaws.com and codebuild.amazonaws.com of the same account are legitimate.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: ['AWS::ECR::RegistryPolicy'],
  asksWhoIsOurs: true,
  triggers: accessTriggers,
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html',
  parameters: noParameters,
  evaluate: (repository, context) =>
    judgeAccess(repository, context, ({ grants, notes, assumptions: ofPolicies }) => {
      const assumptions = [...ofPolicies, ...assumptionsOnNetworks(grants)]
      const suspects = [...ofAudience(grants, 'external'), ...ofAudience(grants, 'service').filter(isConfusedDeputy)]
      const offending = suspects.filter(isCertain)
      const [external, deputies] = [ofAudience(offending, 'external'), ofAudience(offending, 'service')]
      if (offending.length === 0 && suspects.length > 0) {
        const facts = [...factsMissingOf(suspects), ...membershipMissingOf(suspects, context.organization)]
        return undetermined(facts, evidenceOfGrants(suspects, grants))
      }
      if (offending.length === 0) {
        const evidence = [exposureOf(grants), ...notes]
        return compliant('No principal outside own, organization and trusted accounts is named.', {
          assumptions,
          evidence,
        })
      }
      const proof = { assumptions, evidence: [...evidenceOfGrants(offending, grants), ...notes] }
      return external.length > 0
        ? noncompliant(describeGrants(offending), proof)
        : noncompliant(`${describeGrants(deputies)} Nothing ties the service to accounts of yours.`, {
            ...proof,
            severity: 'MEDIUM',
            remediation:
              'Add a condition on aws:SourceAccount or aws:SourceArn to the statement of the service principal.',
          })
    }),
})

/** What a strange service may do it may do to somebody, whatever else is not known. */
function isCertain({ audience, missing, maybeMember, unsearched: isUnsearched }: AccessGrant): boolean {
  return maybeMember === undefined && isUnsearched === undefined && (audience === 'service' || missing.length === 0)
}

function isConfusedDeputy(grant: AccessGrant): boolean {
  if (grant.boundToSource) return false
  // A statement that names a source which is not ours is meant for others, whatever the service.
  const namesSource = grant.narrowedBy.some((condition) => /^aws:source(arn|account|orgid|orgpaths)\b/i.test(condition))
  return namesSource || !harmlessServices.has(grant.principal)
}
