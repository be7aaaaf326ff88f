import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'

export const account = '111122223333'
export const trust =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
export const pull =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:BatchGetImage","Resource":"arn:aws:ecr:*:*:repository/café+a b"}]}'
export const own = {
  role: `arn:aws:iam::${account}:role/team/exec`,
  policy: `arn:aws:iam::${account}:policy/pull`,
  boundary: `arn:aws:iam::${account}:policy/limit`,
  auditor: `arn:aws:iam::${account}:role/auditor`,
  caller: `arn:aws:sts::${account}:assumed-role/auditor/run`,
} as const
export const awsPolicy = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'

/** An execution role with an inline policy, a policy of the account, one of AWS and a boundary; and the role of the auditor. */
export function fillAccount({ state: { iam } }: FakeAws): void {
  iam.roles.push(
    {
      name: 'exec',
      path: '/team/',
      id: 'AROAEXEC',
      trust,
      inline: [{ name: 'inline', document: pull }],
      attached: [own.policy, awsPolicy],
      boundary: own.boundary,
      tags: [{ Key: '__proto__', Value: 'a&b' }],
    },
    { name: 'auditor', id: 'AROAAUDITOR', trust },
  )
  iam.policies.push(
    {
      arn: own.policy,
      id: 'ANPAPULL',
      defaultVersionId: 'v2',
      versions: new Map([
        ['v1', '{}'],
        ['v2', pull],
      ]),
    },
    { arn: own.boundary, id: 'ANPALIMIT', defaultVersionId: 'v1', versions: new Map([['v1', '{"Statement":[]}']]) },
    { arn: awsPolicy, id: 'ANPAAWS', defaultVersionId: 'v1', versions: new Map([['v1', pull]]) },
  )
}

/** The execution role as AWS Config spells it. */
export const execConfiguration = {
  path: '/team/',
  roleName: 'exec',
  roleId: 'AROAEXEC',
  arn: own.role,
  createDate: '2026-01-01T00:00:00.000Z',
  assumeRolePolicyDocument: encodeURIComponent(trust),
  rolePolicyList: [{ policyName: 'inline', policyDocument: encodeURIComponent(pull) }],
  attachedManagedPolicies: [
    { policyName: 'pull', policyArn: own.policy },
    { policyName: 'AmazonECSTaskExecutionRolePolicy', policyArn: awsPolicy },
  ],
  permissionsBoundary: { permissionsBoundaryArn: own.boundary, permissionsBoundaryType: 'Policy' },
  tags: [{ key: '__proto__', value: 'a&b' }],
}
