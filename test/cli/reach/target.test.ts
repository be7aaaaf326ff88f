import { describe, expect, it } from 'vitest'
import { destinationsOf, parseTo } from '../../../cli/reach/target.ts'
import { InputError } from '../../../shared/model/errors.ts'

const here = 'eu-central-1'

describe('what --to says', () => {
  it.each([
    ['ECR', 'ecr'],
    ['s3', 's3'],
    ['API.ECR.eu-central-1.amazonaws.com', 'api.ecr.eu-central-1.amazonaws.com'],
    ['*.dkr.ecr.eu-central-1.amazonaws.com', '*.dkr.ecr.eu-central-1.amazonaws.com'],
  ])('takes %s', (text, target) => {
    expect(parseTo(text)).toBe(target)
  })

  it.each([
    '',
    'localhost',
    'https://example.com',
    'example.com:443',
    'a..com',
    '-a.com',
    'exa mple.com',
    `${'a'.repeat(64)}.com`,
  ])('refuses "%s", naming the option', (text) => {
    expect(() => parseTo(text)).toThrow(InputError)
    expect(() => parseTo(text)).toThrow(/^--to: ".*": expected ecr, s3 or a host name such as /)
  })
})

describe('the hosts it stands for', () => {
  it('are the token and the registry host of the region for ecr', () => {
    expect(destinationsOf('ecr', here).map(({ kind, host }) => [kind, host])).toEqual([
      ['ecr.api', 'api.ecr.eu-central-1.amazonaws.com'],
      ['ecr.dkr', '*.dkr.ecr.eu-central-1.amazonaws.com'],
    ])
  })

  it('are the hosts of China there', () => {
    expect(destinationsOf('ecr', 'cn-north-1').map(({ host }) => host)).toEqual([
      'api.ecr.cn-north-1.amazonaws.com.cn',
      '*.dkr.ecr.cn-north-1.amazonaws.com.cn',
    ])
  })

  it('are the layer bucket of the region for s3', () => {
    expect(destinationsOf('s3', here)).toMatchObject([
      { kind: 's3.layers', region: here, serviceName: 'com.amazonaws.eu-central-1.s3' },
    ])
  })

  it.each([
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com', 'ecr.dkr', 'us-east-1', 'com.amazonaws.us-east-1.ecr.dkr'],
    ['api.ecr.us-east-1.amazonaws.com', 'ecr.api', 'us-east-1', 'com.amazonaws.us-east-1.ecr.api'],
    [
      'prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com',
      's3.layers',
      'us-east-1',
      'com.amazonaws.us-east-1.s3',
    ],
    ['my.own-bucket.s3.us-east-1.amazonaws.com', 's3.layers', 'us-east-1', 'com.amazonaws.us-east-1.s3'],
    ['s3.us-east-1.amazonaws.com', 's3.layers', 'us-east-1', 'com.amazonaws.us-east-1.s3'],
    ['logs.us-east-1.amazonaws.com', 'service', 'us-east-1', 'com.amazonaws.us-east-1.logs'],
    [
      'secretsmanager.us-gov-west-1.amazonaws.com',
      'service',
      'us-gov-west-1',
      'com.amazonaws.us-gov-west-1.secretsmanager',
    ],
  ])('read %s as %s of %s', (host, kind, region, serviceName) => {
    expect(destinationsOf(host, here)).toEqual([{ kind, host, region, serviceName }])
  })

  it.each([
    'my-bucket.s3.amazonaws.com',
    'public.ecr.aws',
    'registry-1.docker.io',
    'x.logs.us-east-1.amazonaws.com',
    'logs.us-east-1.amazonaws.com.evil.example',
    'logs.cn-north-1.amazonaws.com',
  ])('read %s as a plain host', (host) => {
    expect(destinationsOf(host, here)).toEqual([{ kind: 'host', host, region: here, serviceName: undefined }])
  })
})
