import type { OidcTrust } from '../../iam/trust/web-identity-trust.ts'
import { clip, listed } from '../../model/quote.ts'
import { compliant, noncompliant, notApplicable, undetermined } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'
import { describeSubjects, evidenceOfTrusts, missingOfTrusts, trustsOfRole } from '../trust-of-role.ts'

/** A role for one service account is not for every pod of the cluster. */
export const rule = defineRule({
  id: 'role-web-identity-trust-scoped',
  area: 'role',
  title: 'Roles that trust an EKS cluster name the service account and the audience',
  severity: 'HIGH',
  why: 'Without an exact sub every pod of the cluster can take the role with the token of its own service account.',
  fix: 'Condition the trust with StringEquals on ISSUER:sub (system:serviceaccount:NAMESPACE:NAME) and on ISSUER:aud (sts.amazonaws.com).',
  notes: [
    'Such roles have no influence on image pulls: the kubelet pulls with the role of its node, Fargate with the pod execution role.',
    'A subject pattern with a wildcard counts as a wildcard whatever it reaches, one namespace included.',
    'Trusts of identity providers outside EKS are judged by role-ci-trust-scoped.',
    'Resource control policies that restrict who may assume roles are not considered.',
  ],
  judges: 'AWS::IAM::Role',
  reads: [],
  triggers: { change: true, scheduled: true, calls: ['iam:CreateRole', 'iam:UpdateAssumeRolePolicy'] },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html',
  parameters: noParameters,
  evaluate: (role) => {
    const answer = trustsOfRole(role)
    if (answer.kind === 'missing') return undetermined(answer.missing)
    const trusts = answer.trusts.filter(({ kind }) => kind === 'eks')
    if (trusts.length === 0) return notApplicable('The role trusts no EKS cluster.')
    const evidence = evidenceOfTrusts(trusts)
    const loose = trusts.filter(isLoose)
    if (loose.length > 0) return noncompliant(`It trusts ${listed(loose.map(describe), 3)}.`, { evidence })
    const lacking = missingOfTrusts(trusts)
    return lacking.length > 0
      ? undetermined(lacking, evidence)
      : compliant('Every trusted cluster is bound to service accounts by name and to an audience.', { evidence })
  },
})

function isLoose({ anySubject, wildcardSubjects, anyAudience }: OidcTrust): boolean {
  return anySubject || wildcardSubjects.length > 0 || anyAudience
}

function describe(trust: OidcTrust): string {
  const audience = trust.anyAudience ? ' with any audience' : ''
  return `${describeSubjects(trust)}${audience} of ${clip(trust.provider)}`
}
