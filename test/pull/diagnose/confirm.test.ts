import { describe, expect, it } from 'vitest'
import { type Hop, type HopName, type HopStatus, hopNames, type PullTrace } from '../../../shared/model/pull.ts'
import { judgedBy, tracesNamedIn } from '../../../shared/pull/diagnose/confirm.ts'
import { diagnose } from '../../../shared/pull/diagnose/diagnose.ts'

const image = '111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1'

function trace(
  name: string,
  statuses: Partial<Record<HopName, HopStatus>>,
  changes: Partial<PullTrace> = {},
): PullTrace {
  const hops = hopNames.map(
    (hop): Hop => ({
      hop,
      status: statuses[hop] ?? 'pass',
      code: `${hop}-code`,
      reason: `about ${hop}`,
      evidence: [],
      assumptions: [],
    }),
  )
  return {
    workload: {
      type: 'AWS::ECS::Service',
      arn: `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`,
      name,
      accountId: '111122223333',
      region: 'us-east-1',
    },
    image,
    subnets: [],
    principals: ['arn:aws:iam::111122223333:role/puller'],
    verdict: 'fail',
    firstBrokenHop: undefined,
    hops,
    nextFailures: [],
    intermittent: [],
    grades: { privacy: undefined, leastPrivilege: undefined },
    missing: [],
    ...changes,
  }
}

const noCredentials = diagnose(
  `Get https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/app/manifests/1: no basic auth credentials`,
)

function verdicts(traces: readonly PullTrace[]): readonly string[] {
  return judgedBy(noCredentials, traces).map(({ hop, verdict }) => `${hop} ${verdict}`)
}

describe('candidates beside traces', () => {
  it('are confirmed by the hop that fails, which comes first, and contradicted by one that passes', () => {
    expect(verdicts([trace('web', { token: 'fail' })])).toEqual([
      'token confirmed',
      'token confirmed',
      'ecr-api contradicted',
    ])
    expect(verdicts([trace('web', { 'ecr-api': 'fail', token: 'skipped' })])).toEqual([
      'ecr-api confirmed',
      'token undecided',
      'token undecided',
    ])
  })

  it('name the workload, the image and the failing hop', () => {
    const [first] = judgedBy(noCredentials, [trace('web', {}), trace('api', { token: 'fail' })])
    expect(first?.confirmedBy).toMatchObject({
      workload: 'arn:aws:ecs:us-east-1:111122223333:service/shop/api',
      image,
      hop: { hop: 'token', reason: 'about token' },
    })
  })

  it('are undecided without a trace, and while one of several is unknown', () => {
    expect(verdicts([])).toEqual(['ecr-api undecided', 'token undecided', 'token undecided'])
    expect(verdicts([trace('a', {}), trace('b', { 'ecr-api': 'unknown', token: 'unknown' })])).toEqual([
      'ecr-api undecided',
      'token undecided',
      'token undecided',
    ])
  })

  it('are not contradicted by a hop that takes for granted what the message denies', () => {
    const gone = diagnose(`Failed to pull image "${image}": ${image}: not found`)
    const assuming = trace('web', {})
    const hops = assuming.hops.map((hop) =>
      hop.hop === 'image-state' ? { ...hop, assumptions: ['assumes that tag 1 exists'] } : hop,
    )
    const verdictOf = (traces: readonly PullTrace[]) =>
      judgedBy(gone, traces).find(({ code }) => code === 'image-not-found')?.verdict
    expect(verdictOf([{ ...assuming, hops }])).toBe('undecided')
    expect(verdictOf([assuming])).toBe('contradicted')
  })

  it('are not contradicted where no configuration shows them, though their hop passes', () => {
    const texts = [
      'unexpected status from HEAD request to https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/app/manifests/1: 401 Unauthorized',
      'Get https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/: net/http: TLS handshake timeout',
      'CannotPullContainerError: toomanyrequests: Rate exceeded',
    ]
    const first = texts.map((text) => judgedBy(diagnose(text), [trace('web', {})]).at(0))
    expect(first.map((one) => `${one?.code} ${one?.verdict}`)).toEqual([
      'token-refused undecided',
      'tls-handshake-stalled undecided',
      'ecr-throttled undecided',
    ])
  })

  it('are undecided where no configuration could tell', () => {
    const full = diagnose('Failed to pull image: failed to extract layer: no space left on device')
    expect(judgedBy(full, [trace('web', { ancillary: 'fail' })])).toMatchObject([{ verdict: 'undecided' }])
  })
})

describe('the traces a text is about', () => {
  const web = trace('web', {})
  const api = trace(
    'api',
    {},
    {
      image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/api:1',
      principals: ['arn:aws:iam::111122223333:role/path/other'],
    },
  )
  const names = (text: string) => tracesNamedIn(text, [web, api]).map((found) => found.workload.name)

  it('are those of the image it names', () => {
    expect(names(`Failed to pull image "${image}"`)).toEqual(['web'])
    expect(names('Failed to pull image "444455556666.dkr.ecr.us-east-1.amazonaws.com/app:1"')).toEqual([])
  })

  it('are those of the role it names', () => {
    expect(names('User: arn:aws:sts::111122223333:assumed-role/other/x is not authorized')).toEqual(['api'])
  })

  it('are those of the workload before those of an image', () => {
    expect(names(`arn:aws:ecs:us-east-1:111122223333:service/shop/api pulls ${image}`)).toEqual(['api'])
  })

  it('are those of a service as ECS names its group', () => {
    expect(names(`"group": "service:api", "image": "${image}"`)).toEqual(['api'])
    expect(names(`service:apiary pulls ${image}`)).toEqual(['web'])
  })

  it('are none when it names nothing', () => {
    expect(names('denied: requested access to the resource is denied')).toEqual([])
  })
})
