import { expect, test } from 'vitest'
import { exitCodeOf, type FailOn, type Outcome, pullsOfManifests } from '../../cli/exit-codes.ts'
import type { Compliance, Finding } from '../../shared/model/finding.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import type { Severity } from '../../shared/model/verdict.ts'
import { hop, pullTrace } from '../support/pull-traces.ts'

const finding = (compliance: Compliance, severity: Severity): Finding => ({
  id: '0',
  rule: 'ecr-sample',
  severity,
  compliance,
  resource: { type: 'AWS::ECR::Repository', id: 'app', arn: 'arn', accountId: '111122223333', region: 'us-east-1' },
  title: '',
  reason: '',
  evidence: [],
  assumptions: [],
  remediation: { text: '' },
})
const excepted = (compliance: Compliance): Finding => ({
  ...finding(compliance, 'CRITICAL'),
  exception: { reason: 'r', owner: 'o', expires: '2027-03-31' },
})
const gap = (resourceType: string): CoverageEntry => ({
  accountId: '111122223333',
  region: 'us-east-1',
  resourceType,
  status: 'unknown',
})
const broken = pullTrace([hop({ hop: 'dns', status: 'fail' })])
const open = pullTrace([hop({ hop: 'dns', status: 'unknown' })])
const judged = new Set(['AWS::ECR::Repository'] as const)
const outcome: Outcome = { findings: [], coverage: [], judged, problems: 0 }

test.each<[string, Partial<Outcome>, FailOn, number]>([
  ['nothing at all', {}, 'low', 0],
  ['only compliant', { findings: [finding('COMPLIANT', 'CRITICAL')] }, 'low', 0],
  ['a low finding with the default threshold', { findings: [finding('NON_COMPLIANT', 'LOW')] }, 'low', 1],
  ['a medium finding below the threshold', { findings: [finding('NON_COMPLIANT', 'MEDIUM')] }, 'high', 0],
  ['a finding on the threshold', { findings: [finding('NON_COMPLIANT', 'HIGH')] }, 'high', 1],
  ['never turns exit code 1 off', { findings: [finding('NON_COMPLIANT', 'CRITICAL')] }, 'never', 0],
  ['never leaves exit code 3 on', { findings: [finding('UNDETERMINED', 'LOW')] }, 'never', 3],
  ['undetermined', { findings: [finding('UNDETERMINED', 'LOW')] }, 'critical', 3],
  [
    'failure outranks undetermined',
    { findings: [finding('UNDETERMINED', 'LOW'), finding('NON_COMPLIANT', 'LOW')] },
    'low',
    1,
  ],
  ['a failure that an exception covers', { findings: [excepted('NON_COMPLIANT')] }, 'low', 0],
  [
    'a failure beside one that an exception covers',
    { findings: [excepted('NON_COMPLIANT'), finding('NON_COMPLIANT', 'LOW')] },
    'low',
    1,
  ],
  ['an exception on what is undetermined', { findings: [excepted('UNDETERMINED')] }, 'low', 3],
  ['an unreadable file', { problems: 1 }, 'low', 3],
  ['a judged type is not covered', { coverage: [gap('AWS::ECR::Repository')] }, 'low', 3],
  ['a type that is merely read is not covered', { coverage: [gap('AWS::ECR::SigningConfiguration')] }, 'low', 0],
  ['a pull of a manifest that fails', { unjudged: [broken] }, 'high', 1],
  ['a pull of a manifest that fails below the threshold', { unjudged: [broken] }, 'critical', 0],
  ['a pull of a manifest that fails while nothing fails the run', { unjudged: [broken] }, 'never', 0],
  ['a pull of a manifest that nobody can tell', { unjudged: [open] }, 'never', 3],
  ['a pull of a manifest that works', { unjudged: [pullTrace()] }, 'low', 0],
  ['a whole account is not covered', { coverage: [gap('*')] }, 'low', 3],
])('%s', (_name, change, failOn, expected) => {
  expect(exitCodeOf({ ...outcome, ...change }, failOn)).toBe(expected)
})

test('of pulls, those of manifests count by themselves: services have findings, other task definitions run nowhere known', () => {
  const ofType = (type: string) => pullTrace([], { workload: { ...pullTrace().workload, type } })
  const types = ['AWS::ECS::Service', 'AWS::ECS::TaskDefinition', 'AWS::EKS::Nodegroup', 'Kubernetes::Pod']
  expect(pullsOfManifests(types.map(ofType)).map(({ workload }) => workload.type)).toEqual(['Kubernetes::Pod'])
})
