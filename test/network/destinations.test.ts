import { describe, expect, it } from 'vitest'
import { destinationOf, ecrApi, ecrDkr, s3Layers, service } from '../../shared/network/destinations.ts'

describe('destinations', () => {
  it.each([
    [ecrApi('eu-central-1'), 'api.ecr.eu-central-1.amazonaws.com', 'com.amazonaws.eu-central-1.ecr.api'],
    [ecrDkr('us-gov-west-1'), '*.dkr.ecr.us-gov-west-1.amazonaws.com', 'com.amazonaws.us-gov-west-1.ecr.dkr'],
    [ecrApi('cn-north-1'), 'api.ecr.cn-north-1.amazonaws.com.cn', 'cn.com.amazonaws.cn-north-1.ecr.api'],
    [ecrApi('us-iso-east-1'), 'api.ecr.us-iso-east-1.c2s.ic.gov', 'com.amazonaws.us-iso-east-1.ecr.api'],
    [ecrApi('us-isob-east-1'), 'api.ecr.us-isob-east-1.sc2s.sgov.gov', 'com.amazonaws.us-isob-east-1.ecr.api'],
    [ecrApi('eusc-de-east-1'), 'api.ecr.eusc-de-east-1.amazonaws.eu', 'com.amazonaws.eusc-de-east-1.ecr.api'],
    [
      s3Layers('us-east-1'),
      'prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com',
      'com.amazonaws.us-east-1.s3',
    ],
    [service('eks-auth', 'us-east-1'), 'eks-auth.us-east-1.api.aws', 'com.amazonaws.us-east-1.eks-auth'],
    [service('logs', 'us-east-1'), 'logs.us-east-1.amazonaws.com', 'com.amazonaws.us-east-1.logs'],
    [service('ecs', 'us-east-1'), 'ecs.us-east-1.amazonaws.com', 'com.amazonaws.us-east-1.ecs'],
    // The endpoints of the agent answer for names other than that of their service.
    [service('ecs-agent', 'us-east-1'), 'ecs-a.us-east-1.amazonaws.com', 'com.amazonaws.us-east-1.ecs-agent'],
    [service('ecs-telemetry', 'us-east-1'), 'ecs-t.us-east-1.amazonaws.com', 'com.amazonaws.us-east-1.ecs-telemetry'],
    [service('ecs-a', 'cn-north-1'), 'ecs-a.cn-north-1.amazonaws.com.cn', 'cn.com.amazonaws.cn-north-1.ecs-agent'],
  ])('name the host and the endpoint service of %o', (destination, host, serviceName) => {
    expect(destination.host).toBe(host)
    expect(destination.serviceName).toBe(serviceName)
  })

  it.each([
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com', 'ecr.dkr', 'us-east-1', 'com.amazonaws.us-east-1.ecr.dkr'],
    ['111122223333.DKR.ecr.us-east-1.amazonaws.com', 'ecr.dkr', 'us-east-1', 'com.amazonaws.us-east-1.ecr.dkr'],
    ['111122223333.dkr.ecr-fips.us-east-1.amazonaws.com', 'ecr.dkr', 'us-east-1', undefined],
    ['111122223333.dkr-ecr.us-east-1.on.aws', 'ecr.dkr', 'us-east-1', 'com.amazonaws.us-east-1.ecr.dkr'],
    ['api.ecr.us-west-2.amazonaws.com', 'ecr.api', 'us-west-2', 'com.amazonaws.us-west-2.ecr.api'],
    ['ecr.cn-north-1.api.amazonwebservices.com.cn', 'ecr.api', 'cn-north-1', 'cn.com.amazonaws.cn-north-1.ecr.api'],
    ['ecr.us-west-2.api.aws', 'ecr.api', 'us-west-2', 'com.amazonaws.us-west-2.ecr.api'],
    [
      'prod-us-west-2-starport-layer-bucket.s3.us-west-2.amazonaws.com',
      's3.layers',
      'us-west-2',
      'com.amazonaws.us-west-2.s3',
    ],
    ['ecr.us-west-2.amazonaws.com', 'host', 'eu-central-1', undefined],
    ['public.ecr.aws', 'host', 'eu-central-1', undefined],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com.evil.example', 'host', 'eu-central-1', undefined],
  ])('%s is read', (host, kind, region, serviceName) => {
    expect(destinationOf(host, 'eu-central-1')).toEqual({ kind, host: host.toLowerCase(), region, serviceName })
  })
})
