import { type Hop, hopNames, type PullTrace } from '../../shared/model/pull.ts'

/** A hop that passes, changed. */
export function hop(change: Partial<Hop> & Pick<Hop, 'hop'>): Hop {
  return {
    status: 'pass',
    code: 'fine',
    reason: `${change.hop} is fine`,
    evidence: [],
    assumptions: [],
    ...change,
  }
}

/** A pull of service `web` with these hops; the others pass. Verdict and root cause follow from them. */
export function pullTrace(changed: readonly Hop[] = [], change: Partial<PullTrace> = {}): PullTrace {
  const hops = hopNames.map((name) => changed.find((one) => one.hop === name) ?? hop({ hop: name }))
  const failing = hops.filter(({ status }) => status === 'fail')
  const open = hops.some(({ status }) => status === 'unknown')
  return {
    workload: {
      type: 'AWS::ECS::Service',
      arn: 'arn:aws:ecs:eu-central-1:111122223333:service/main/web',
      name: 'web',
      accountId: '111122223333',
      region: 'eu-central-1',
    },
    image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1',
    subnets: ['subnet-1', 'subnet-2'],
    principals: ['arn:aws:iam::111122223333:role/execution'],
    verdict: failing.length > 0 ? 'fail' : open ? 'unknown' : 'pass',
    firstBrokenHop: failing[0]?.hop,
    hops,
    nextFailures: failing.slice(1),
    intermittent: [],
    grades:
      failing.length > 0 || open
        ? { privacy: undefined, leastPrivilege: undefined }
        : { privacy: 'A', leastPrivilege: 'B' },
    missing: [],
    ...change,
  }
}
