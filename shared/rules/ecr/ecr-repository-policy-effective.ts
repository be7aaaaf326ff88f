import type { DeadPart } from '../../iam/access-types.ts'
import { clip } from '../../model/quote.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { analyse, documentOf } from '../access-of-repository.ts'
import { defineRule } from '../define-rule.ts'
import { evidenceSource, nameOfStatement } from '../describe-grants.ts'
import { noParameters } from '../parameters.ts'

/** Every statement of the repository policy can take effect. */
export const rule = defineRule({
  id: 'ecr-repository-policy-effective',
  area: 'ecr',
  title: 'Every statement of a repository policy can take effect',
  severity: 'LOW',
  why: 'A statement that never works hides a mistake: somebody believes that access is granted or denied, and it is not.',
  fix: 'Remove the dead part, or write what was meant.',
  notes: [
    'ecr:GetAuthorizationToken belongs into identity policies; pulls of ECS and EKS need no service principal.',
    'Whether a role that is named by its ARN still exists is not looked up; only unique ids of deleted principals are recognised.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: [],
  triggers: { change: true, scheduled: true, calls: ['ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy'] },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
  parameters: noParameters,
  evaluate: (repository, context) => {
    const documents = documentOf('repository policy', repository.policy, 'all-actions')
    if (documents.kind === 'missing') return undetermined(documents.missing)
    const assumptions = repository.policy.state === 'unknown' ? [] : repository.policy.assumptions
    const { dead, notes } = analyse(repository.ref, documents, context, assumptions)
    if (dead.length === 0) {
      const reason =
        documents.documents.length === 0 ? 'The repository has no policy.' : 'Every statement can take effect.'
      return compliant(reason, { assumptions, evidence: notes })
    }
    const sentences = dead.map((part) => `${nameOfStatement(part.statement)}: ${whyDead(part)}`)
    const more = sentences.length > 3 ? ` ${sentences.length - 3} more parts are dead.` : ''
    return noncompliant(`${sentences.slice(0, 3).join(' ')}${more}`, {
      assumptions,
      evidence: [
        ...dead.slice(0, 20).map((part) => ({ source: evidenceSource(part.statement), detail: whyDead(part) })),
        ...notes,
      ],
    })
  },
})

function whyDead({ reason, subject }: DeadPart): string {
  const what = clip(subject)
  switch (reason) {
    case 'authorization-token-not-a-repository-action':
      return `${what} is no repository action: AWS rejects it here, it belongs into the identity policy of the caller.`
    case 'deleted-principal':
      return `${what} is the id of a deleted principal; a new one with the same name does not match.`
    case 'no-principal':
      return `${what} names no principal: AWS rejects it, and it would apply to nobody.`
    case 'wildcard-in-principal':
      return `${what} has a wildcard inside: AWS takes a lone * or a whole ARN, and rejects this.`
    case 'principal-of-another-partition':
      return `${what} is of another partition of AWS, whose principals never call here.`
    case 'unknown-action':
      return `${what} matches no action of ECR.`
    case 'ecs-tasks-principal':
      return `${what} never calls ECR: tasks pull with the role they execute with, so name that role.`
    case 'condition-key-absent-from-pulls':
      return `the condition key ${what} is absent when images are pulled, so the condition never holds.`
    case 'condition-never-true':
      return `the condition on ${what} can never be true.`
    default:
      return reason satisfies never
  }
}
