import type { Plan } from './plans.ts'

const whole = {
  repositories: ['open', 'open', 'open'],
  roles: ['pulls', 'pulls'],
  network: 'whole',
  batch: 'own',
} as const
const calm: Pick<Plan, 'estate' | 'swept' | 'poison' | 'rest'> = {
  ...{ estate: whole, swept: false, poison: false },
  rest: { pick: 0, conditions: [] },
}

/** Plans that once failed, by what was wrong. */
export const kept: ReadonlyMap<string, Plan> = new Map<string, Plan>([
  [
    'a refusal whose body cannot be read is no refusal: what it would have said may come with the next attempt',
    {
      ...calm,
      areas: ['role'],
      steps: [{ do: 'change', area: 'role', index: 0, state: 2 }],
      faults: [
        { operation: 'iam:GetRole', nth: 2, kind: 'halved' },
        { operation: 'config:PutEvaluations', nth: 1, kind: 'throttled' },
      ],
    },
  ],
  [
    'a role that is gone and whose name AWS Config cannot say just now is not forgotten in Security Hub',
    {
      ...calm,
      estate: { ...whole, roles: ['pulls', 'administers'] },
      swept: true,
      areas: ['role'],
      steps: [
        { do: 'change', area: 'role', index: 1, state: 2 },
        { do: 'deliver', pick: 0, times: 0, conditions: {} },
        { do: 'sweep', area: 'role' },
      ],
      faults: [{ operation: 'config:GetResourceConfigHistory', nth: 1, kind: 'throttled' }],
    },
  ],
  [
    'a sweep that comes after a newer one, and may not look, leaves what the newer one has found',
    {
      ...calm,
      areas: ['ecr'],
      steps: [
        { do: 'sweep', area: 'ecr' },
        { do: 'sweep', area: 'ecr' },
        { do: 'sweep', area: 'ecr' },
      ],
      faults: [{ operation: 'ecr:GetRegistryPolicy', nth: 2, kind: 'denied' }],
      rest: { pick: 2, conditions: [] },
    },
  ],
  [
    'a sweep that knows nothing of the results before does not say of them that Security Hub has them',
    {
      ...calm,
      areas: ['ecr'],
      steps: [{ do: 'sweep', area: 'ecr' }],
      faults: [
        { operation: 'config:GetComplianceDetailsByConfigRule', nth: 3, kind: 'throttled' },
        { operation: 'config:PutEvaluations', nth: 1, kind: 'throttled' },
        { operation: 'sqs:SendMessageBatch', nth: 1, kind: 'throttled' },
        { operation: 'ecr:DescribeRepositories', nth: 3, kind: 'short' },
      ],
    },
  ],
  [
    'a finding that waits is done with an older message of the same finding',
    {
      ...calm,
      areas: ['vpc', 'role'],
      steps: [
        { do: 'change', area: 'vpc', index: 0, state: 0 },
        { do: 'deliver', pick: 0, times: 2, conditions: { cold: true } },
        { do: 'publish', reversed: false, conditions: {} },
      ],
      faults: [{ operation: 'securityhub:BatchImportFindings', nth: 1, kind: 'expired' }],
    },
  ],
  [
    'a sweep that ended well and comes again leaves to the next one what it wrote and did not send',
    {
      ...calm,
      estate: { ...whole, repositories: ['open', 'open', 'gone'] },
      areas: ['role', 'ecr'],
      steps: [
        { do: 'sweep', area: 'ecr' },
        { do: 'deliver', pick: 0, times: 3, conditions: { latency: 900, limit: 22_217 } },
        { do: 'deliver', pick: 0, times: 1, conditions: { killedAfter: 10, latency: 200, limit: 21_001 } },
      ],
      faults: [{ operation: 'ecr:DescribeRepositories', nth: 1, kind: 'short' }],
    },
  ],
  [
    'what only shows that the result token is good does not say that Security Hub has what was written before it',
    {
      ...calm,
      estate: { ...whole, repositories: ['open', 'open', 'gone'] },
      areas: ['role', 'ecr'],
      steps: [
        { do: 'sweep', area: 'ecr' },
        { do: 'deliver', pick: 0, times: 3, conditions: { latency: 900, limit: 22_217 } },
        { do: 'deliver', pick: 0, times: 1, conditions: { latency: 200, limit: 21_001 } },
      ],
      faults: [
        { operation: 'ecr:DescribeRepositories', nth: 1, kind: 'short' },
        { operation: 'sqs:SendMessageBatch', nth: 2, kind: 'throttled' },
        { operation: 'sqs:SendMessageBatch', nth: 3, kind: 'throttled' },
      ],
    },
  ],
  [
    'a sweep that comes after a newer one, and may neither look nor compare, leaves what the newer one has found',
    {
      ...calm,
      areas: ['ecr'],
      steps: [
        { do: 'sweep', area: 'ecr' },
        { do: 'sweep', area: 'ecr' },
        { do: 'sweep', area: 'ecr' },
      ],
      faults: [
        { operation: 'ecr:GetRegistryPolicy', nth: 2, kind: 'denied' },
        { operation: 'config:GetComplianceDetailsByConfigRule', nth: 2, kind: 'denied' },
      ],
      rest: { pick: 2, conditions: [] },
    },
  ],
  [
    'what a change has told Security Hub and AWS Config never heard of is said again by the next sweep',
    {
      ...calm,
      estate: { ...whole, repositories: ['open', 'open', 'none'] },
      swept: true,
      areas: ['image', 'ecr'],
      steps: [
        { do: 'change', area: 'ecr', index: 2, state: 1 },
        { do: 'deliver', pick: 0, times: 0, conditions: {} },
      ],
      faults: [{ operation: 'ecr:GetRegistryPolicy', nth: 1, kind: 'denied' }],
    },
  ],
  [
    'what was mended and broken again is not said to be good when only the first change was told of',
    {
      ...calm,
      swept: true,
      areas: ['ecr'],
      steps: [
        { do: 'change', area: 'ecr', index: 1, state: 1 },
        { do: 'deliver', pick: 0, times: 0, conditions: {} },
        { do: 'deliver', pick: 0, times: 1, conditions: {} },
        { do: 'deliver', pick: 0, times: 1, conditions: {} },
        { do: 'publish', reversed: false, conditions: {} },
        { do: 'change', area: 'ecr', index: 1, state: 0 },
        { do: 'deliver', pick: 0, times: 0, conditions: {} },
        { do: 'deliver', pick: 0, times: 0, conditions: {} },
      ],
      faults: [],
    },
  ],
  [
    'what came and went between two sweeps, and of which only the coming was told, is archived',
    {
      ...calm,
      estate: { ...whole, repositories: ['open', 'gone', 'open'] },
      swept: true,
      areas: ['ecr'],
      steps: [
        { do: 'change', area: 'ecr', index: 1, state: 0 },
        { do: 'deliver', pick: 0, times: 0, conditions: {} },
        { do: 'deliver', pick: 0, times: 1, conditions: {} },
        { do: 'deliver', pick: 0, times: 1, conditions: {} },
        { do: 'publish', reversed: false, conditions: {} },
        { do: 'change', area: 'ecr', index: 1, state: 3 },
        { do: 'deliver', pick: 0, times: 0, conditions: {} },
        { do: 'deliver', pick: 0, times: 0, conditions: {} },
      ],
      faults: [],
    },
  ],
  [
    'a result is not taken away before Security Hub has heard of it: nobody would look for the finding any more',
    {
      ...calm,
      swept: true,
      areas: ['ecr', 'role'],
      steps: [
        { do: 'change', area: 'role', index: 0, state: 2 },
        { do: 'change', area: 'ecr', index: 0, state: 0 },
      ],
      faults: [
        { operation: 'sqs:SendMessageBatch', nth: 3, kind: 'throttled' },
        { operation: 'config:PutEvaluations', nth: 2, kind: 'throttled' },
      ],
      rest: { pick: 1, conditions: [{ killedAfter: 0 }] },
    },
  ],
  [
    'a result of which nobody knows how it stands is not taken away before Security Hub has heard of it',
    {
      ...calm,
      areas: ['image'],
      steps: [
        { do: 'change', area: 'image', index: 0, state: 1 },
        { do: 'deliver', pick: 0, times: 2, conditions: {} },
        { do: 'change', area: 'image', index: 0, state: 2 },
      ],
      faults: [
        { operation: 'config:GetComplianceDetailsByResource', nth: 1, kind: 'throttled' },
        { operation: 'ecs:DescribeServices', nth: 3, kind: 'throttled' },
        { operation: 'sqs:SendMessageBatch', nth: 3, kind: 'throttled' },
      ],
      rest: { pick: 0, conditions: [{ killedAfter: 0 }] },
    },
  ],
  [
    'of two attempts of a follow-up the later one tells Security Hub',
    {
      ...calm,
      areas: ['vpc', 'ecr'],
      steps: [
        { do: 'sweep', area: 'ecr' },
        { do: 'deliver', pick: 0, times: 1, conditions: { latency: 900, limit: 23_134 } },
      ],
      faults: [
        { operation: 'ecr:DescribeRepositories', nth: 3, kind: 'denied' },
        { operation: 'ecr:DescribeRepositories', nth: 2, kind: 'throttled' },
      ],
    },
  ],
])
