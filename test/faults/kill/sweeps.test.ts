import { describe, expect, it } from 'vitest'
import { expectGoodInTheEnd } from './attempts.ts'
import { isWrite } from './member.ts'
import { servingMember } from './serving-member.ts'

const member = servingMember('queued')

describe('P8 a process of the built auditor', () => {
  it.each([
    [
      'role',
      ['iam:GetAccountAuthorizationDetails', 'config:GetResourceConfigHistory', 'ecr:GetRepositoryPolicy'],
      [
        ...['AROAOTHER000000000000 NOT_APPLICABLE', 'AROAPULLER00000000000 NON_COMPLIANT'],
        'role-registry-admin-restricted puller FAILED ACTIVE',
      ],
    ],
    [
      'vpc',
      ['ec2:DescribeVpcEndpoints', 'route53:ListHostedZonesByVPC', 'ecs:DescribeTaskDefinition'],
      ['vpc-1 NON_COMPLIANT', 'vpc-ecr-endpoints-private-dns vpc-1 FAILED ACTIVE'],
    ],
  ])(
    'killed after any request of a sweep of area %s and started anew leaves what an undisturbed one leaves',
    async (area, reads, news) => {
      const undisturbed = await expectGoodInTheEnd(member(), `a sweep of area ${area}`)
      expect(undisturbed.calls).toEqual(expect.arrayContaining(reads))
      expect(undisturbed.calls.filter(isWrite)).toEqual([
        ...['config:PutEvaluations', 'sqs:SendMessageBatch', 'config:PutEvaluations'],
      ])
      expect(undisturbed.news).toEqual(news)
    },
    240_000,
  )
})
