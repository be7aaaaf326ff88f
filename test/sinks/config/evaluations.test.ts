import { expect, it } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import { configResourceOf, evaluationsOf } from '../../../shared/sinks/config/evaluations.ts'

const place = { accountId: '111122223333', region: 'eu-central-1' }
const time = '2026-03-01T12:00:00.000Z'
const nodes = (name: string, over: Partial<Finding> = {}): Finding => ({
  ...{ id: name, rule: 'r', severity: 'HIGH', compliance: 'COMPLIANT', title: 't', reason: `reason of ${name}` },
  resource: {
    ...{ ...place, type: 'AWS::EKS::Nodegroup', id: `prod/${name}` },
    arn: `arn:aws:eks:eu-central-1:111122223333:nodegroup/prod/${name}/1`,
  },
  ...{ evidence: [], assumptions: [], remediation: { text: 'f' } },
  ...over,
})
const told = (...findings: readonly Finding[]) =>
  evaluationsOf(findings, time, 'report').map((one) => [one.ComplianceType, one.Annotation])

it('node groups stand under their cluster, everything else under itself', () => {
  expect(configResourceOf(nodes('a').resource)).toEqual({ type: 'AWS::EKS::Cluster', id: 'prod', member: 'a' })
  const odd = { ...nodes('a').resource, arn: 'arn:aws:eks:eu-central-1:111122223333:nodegroup/prod' }
  expect(configResourceOf(odd)).toEqual({ type: 'AWS::EKS::Nodegroup', id: 'prod/a' })
  const service = { ...place, type: 'AWS::ECS::Service', id: 'web', arn: 'arn:aws:ecs:r:a:service/prod/web' }
  expect(configResourceOf(service)).toEqual({ type: 'AWS::ECS::Service', id: 'web' })
})

it('two resources keep a result each', () => {
  const other = nodes('a', { resource: { ...place, type: 'AWS::ECS::Service', id: 'web', arn: 'arn:a' } })
  expect(told(nodes('a'), other).map(([type]) => type)).toEqual(['COMPLIANT', 'COMPLIANT'])
})

it('of several on one cluster the first of the worst is shown', () => {
  const bad = (name: string) => nodes(name, { compliance: 'NON_COMPLIANT' })
  expect(told(nodes('a'), bad('b'), bad('c'), nodes('d'))).toEqual([['NON_COMPLIANT', 'b: reason of b']])
})

it('one that could not be decided just now holds the cluster back, whichever comes first', () => {
  const lasting = nodes('a', { compliance: 'UNDETERMINED', transience: 'lasting' })
  const passing = nodes('b', { compliance: 'UNDETERMINED', transience: 'passing' })
  expect(told(lasting, passing)).toEqual([])
  expect(told(passing, lasting)).toEqual([])
  expect(told(lasting, { ...lasting, reason: 'later' })).toEqual([['NON_COMPLIANT', 'a: Undetermined: reason of a']])
})

it('a failure is written although its transience says passing, an undetermined one only where settings say report', () => {
  expect(told(nodes('a', { compliance: 'NON_COMPLIANT', transience: 'passing' }))).toHaveLength(1)
  const lasting = nodes('a', { compliance: 'UNDETERMINED', transience: 'lasting' })
  expect(evaluationsOf([lasting], time, 'leave')).toEqual([])
  expect(evaluationsOf([nodes('a')], time, 'leave')).toHaveLength(1)
})
