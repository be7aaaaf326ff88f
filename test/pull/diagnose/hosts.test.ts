import { describe, expect, it } from 'vitest'
import { calledAddress, kindOfAddress } from '../../../shared/pull/diagnose/addresses.ts'
import { decidingHost, hostsIn, isExactHost, kindOfHost } from '../../../shared/pull/diagnose/message-hosts.ts'

const registry = '111122223333.dkr.ecr.eu-central-1.amazonaws.com'
const api = 'api.ecr.eu-central-1.amazonaws.com'
const bucket = 'prod-eu-central-1-starport-layer-bucket.s3.eu-central-1.amazonaws.com'

describe('the kind of a host', () => {
  it.each([
    [api, 'api'],
    ['ecr.eu-central-1.api.aws', 'api'],
    ['ecr.eu-central-1.amazonaws.com', 'api'],
    ['api.ecr.cn-north-1.amazonaws.com.cn', 'api'],
    ['ecr.cn-north-1.api.amazonwebservices.com.cn', 'api'],
    ['ecr-fips.us-east-1.amazonaws.com', 'api'],
    ['API.ECR.us-east-1.amazonaws.com', 'api'],
    [registry, 'registry'],
    ['111122223333.dkr-ecr.eu-central-1.on.aws', 'registry'],
    [bucket, 'layers'],
    ['sts.amazonaws.com', 'service'],
    ['ssm.eu-central-1.amazonaws.com', 'service'],
    ['logs.cn-north-1.amazonaws.com.cn', 'service'],
    ['secretsmanager.eu-central-1.api.aws', 'service'],
    ['mysts.amazonaws.com', 'none'],
    ['sts.amazonaws.com.example.org', 'none'],
    ['public.ecr.aws', 'public'],
    ['d5l0dvt14r5h8.cloudfront.net', 'public'],
    ['registry-1.docker.io', 'upstream'],
    ['mcr.microsoft.com', 'upstream'],
    ['eu.mcr.example.org', 'upstream'],
    ['xmcr.example.org', 'none'],
    ['example.org', 'none'],
    ['db.eu-central-1.rds.amazonaws.com', 'none'],
  ])('%s is %s', (host, kind) => {
    expect(kindOfHost(host)).toBe(kind)
  })
})

describe('the hosts of a text', () => {
  it('are its dotted words with a letter, in order, in lower case, without the full stop behind them', () => {
    expect(hostsIn(`Head "https://${registry}/v2/": lookup API.ecr.us-east-1.amazonaws.com...`)).toEqual([
      registry,
      'api.ecr.us-east-1.amazonaws.com',
    ])
    expect(hostsIn('dial 10.0.0.1 said nothing at 1.2.3.4 of localhost')).toEqual([])
    expect(hostsIn('lookup *.dkr.ecr.eu-central-1.amazonaws.com')).toEqual(['*.dkr.ecr.eu-central-1.amazonaws.com'])
  })
})

describe('the host that decides', () => {
  it.each([
    [
      'the layers wherever they are named',
      `https://${api}/ then ${bucket} then https://${registry}/`,
      bucket,
      'layers',
    ],
    ['the last that was called', `https://${registry}/ and https://${api}/`, api, 'api'],
    ['the last that was called without TLS', `https://${api}/ and http://${registry}/`, registry, 'registry'],
    ['the one that was looked up', `https://${registry}/v2/: lookup ${api}: no such host`, api, 'api'],
    ['in lower case', 'lookup API.ECR.us-east-1.amazonaws.com', 'api.ecr.us-east-1.amazonaws.com', 'api'],
    [
      'one called that has a part in a pull',
      `https://${registry}/ by https://proxy.example.org/`,
      registry,
      'registry',
    ],
    ['without a call the weightiest', `${registry} could not reach ${api} nor public.ecr.aws`, api, 'api'],
    ['a service before a registry', `${registry} and sts.amazonaws.com`, 'sts.amazonaws.com', 'service'],
    ['a registry before a public one', `public.ecr.aws and ${registry}`, registry, 'registry'],
    ['the first of several of a kind', 'quay.io then ghcr.io', 'quay.io', 'upstream'],
    ['a part of the API that is left', 'Post "https://api.ecr', undefined, 'api'],
    ['a part of a registry that is left', '...dkr.ecr', undefined, 'registry'],
    ['a part of a dual-stack registry that is left', '...dkr-ecr', undefined, 'registry'],
    ['none without any', 'no such host', undefined, 'none'],
    ['none of others', 'https://example.org/', undefined, 'none'],
  ] as const)('is %s', (_what, text, host, kind) => {
    expect(decidingHost(text)).toEqual({ host, kind })
  })
})

describe('a host that may stand in a command', () => {
  it.each([
    [registry, true],
    [api, true],
    [bucket, true],
    ['public.ecr.aws', true],
    ['quay.io', false],
    ['123.dkr.ecr.eu-central-1.amazonaws.com', false],
    ['*.dkr.ecr.eu-central-1.amazonaws.com', false],
    ['-a.ecr-public.amazonaws.com', false],
    ['a-.ecr-public.amazonaws.com', false],
    ['a.ecr-public.amazonaws.com', true],
    [`${'a'.repeat(63)}.ecr-public.amazonaws.com`, true],
    [`${'a'.repeat(64)}.ecr-public.amazonaws.com`, false],
    ['ecr-public..amazonaws.com', false],
    ['www.example.org', false],
  ])('%s: %s', (host, expected) => {
    expect(isExactHost(host)).toBe(expected)
  })
})

describe('the kind of an address', () => {
  it.each([
    ['10.0.0.1', 'private'],
    ['172.15.0.1', 'public'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['173.16.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['192.167.0.1', 'public'],
    ['193.168.0.1', 'public'],
    ['100.63.0.1', 'public'],
    ['100.64.0.1', 'private'],
    ['100.127.0.1', 'private'],
    ['100.128.0.1', 'public'],
    ['198.17.0.1', 'public'],
    ['198.18.0.1', 'private'],
    ['198.19.0.1', 'private'],
    ['198.20.0.1', 'public'],
    ['197.18.0.1', 'public'],
    ['52.94.1.1', 'public'],
    ['21.0.0.1', 'foreign'],
    ['255.255.255.255', 'public'],
    ['10.0.0.256', 'none'],
    ['10.0.0', 'none'],
    ['10.0.0.1.2', 'none'],
    ['10.0.0.x1', 'none'],
    ['10.0.0.1x', 'none'],
    ['10.0.0.', 'none'],
    ['10.0.0.0001', 'none'],
    ['fd00::1', 'private'],
    ['fc00::1', 'private'],
    ['2600:1f18::fd', 'public'],
    ['::1', 'public'],
    ['1:2', 'none'],
    ['fd00::1z', 'none'],
    ['zfd00::1', 'none'],
    [`${'1:'.repeat(20)}1`, 'none'],
  ])('%s is %s', (address, kind) => {
    expect(kindOfAddress(address)).toBe(kind)
  })
})

describe('the address that was called', () => {
  it.each([
    ['dial tcp 10.0.1.5:443: i/o timeout', '10.0.1.5'],
    ['dial tcp4 10.0.1.5:443', '10.0.1.5'],
    ['dial tcp6 [FD00::1]:443', 'fd00::1'],
    ['connect to 10.0.1.6:443 failed', '10.0.1.6'],
    ['read tcp 10.0.1.5:40000->52.94.1.1:443: connection reset', '52.94.1.1'],
    ['dial tcp 10.0.1.5:443 then dial tcp 10.0.1.6:443', '10.0.1.6'],
    ['dial tcp 10.0.1.5:443 then dial tcp 999.0.0.1:443', '10.0.1.5'],
    ['dial tcp 999.0.0.1:443', undefined],
    ['dial udp 10.0.1.5:53', undefined],
    ['dial tcp 10.0.1.5', undefined],
    ['no address', undefined],
  ])('of %s is %s', (text, address) => {
    expect(calledAddress(text)).toBe(address)
  })
})
