import { describe, expect, it } from 'vitest'
import { parseFrom } from '../../../cli/reach/origin.ts'
import { InputError } from '../../../shared/model/errors.ts'

const service = 'arn:aws:ecs:eu-central-1:111122223333:service/main/web'

describe('what --from says', () => {
  it('is a subnet with unknown groups and no public address unless stated', () => {
    expect(parseFrom('subnet-1', [], false)).toEqual({
      kind: 'subnet',
      id: 'subnet-1',
      securityGroupIds: undefined,
      hasPublicIp: false,
    })
    expect(parseFrom('subnet-1', ['sg-1', 'sg-2'], true)).toEqual({
      kind: 'subnet',
      id: 'subnet-1',
      securityGroupIds: ['sg-1', 'sg-2'],
      hasPublicIp: true,
    })
  })

  it('is an interface, by id or ARN', () => {
    const expected = { kind: 'networkInterface', id: 'eni-1' }
    expect(parseFrom('eni-1', [], false)).toEqual(expected)
    expect(parseFrom('arn:aws:ec2:eu-central-1:111122223333:network-interface/eni-1', [], false)).toEqual(expected)
  })

  it.each([
    service,
    'arn:aws:eks:eu-central-1:111122223333:nodegroup/main/workers/1',
    'arn:aws:eks:eu-central-1:111122223333:fargateprofile/main/jobs/1',
  ])('is the workload %s', (arn) => {
    expect(parseFrom(arn, [], false)).toEqual({ kind: 'workload', arn })
  })

  it.each(['', 'vpc-1', 'subnet-', 'web', 'arn:aws:s3:::bucket'])('is refused when it is "%s"', (text) => {
    expect(() => parseFrom(text, [], false)).toThrow(InputError)
    expect(() => parseFrom(text, [], false)).toThrow(`--from: "${text}": expected subnet-…, eni-… or the ARN of`)
  })

  it('takes groups and a public address with a subnet only', () => {
    expect(() => parseFrom(service, ['sg-1'], false)).toThrow(/^--security-group: only goes with a subnet/)
    expect(() => parseFrom('eni-1', [], true)).toThrow(/^--public-ip: only goes with a subnet/)
  })
})
