import { expect, test } from 'vitest'
import { policiesNamingRoles } from '../../shared/pull/policies-naming-roles.ts'
import { allowPull, home, inventoryOf, notListed, policy, repository } from '../support/builders.ts'

const arn = 'arn:aws:iam::111122223333:role/app'
const find = (...parts: Parameters<typeof inventoryOf>[0]) => policiesNamingRoles(inventoryOf(parts), home.accountId)

test('finds a role that a policy names as principal, in a condition, or with escaped slashes', () => {
  const byPrincipal = repository({ name: 'a', policy: policy(allowPull({ AWS: arn })) })
  const byCondition = repository({
    name: 'b',
    policy: policy(allowPull('*', { Condition: { ArnEquals: { 'aws:PrincipalArn': [arn] } } })),
  })
  const escaped = repository({
    name: 'c',
    policy: JSON.stringify(policy(allowPull({ AWS: arn }))).replaceAll('/', '\\/'),
  })
  const other = repository({ name: 'd', policy: policy(allowPull({ AWS: `${arn}-other` })) })
  const found = find(byPrincipal, byCondition, escaped, other)
  expect(found.naming(arn).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect(found.assumptions).toEqual([])
})

test('states what it takes for granted about policies that cannot be read', () => {
  const broken = ['a', 'b', 'c', 'd'].map((name) => repository({ name, policy: '{"Statement":' }))
  expect(find(...broken).assumptions).toEqual([
    'assumes that the unreadable policies of a, b, c and 1 more do not name the role',
  ])
})

test('states what it takes for granted where repositories were not listed', () => {
  expect(find(notListed('AWS::ECR::Repository')).assumptions).toEqual([
    `assumes that no repository policy in ${home.region}, where repositories were not listed, names the role`,
  ])
})
