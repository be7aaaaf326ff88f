import { describe, expect, it } from 'vitest'
import { filled } from '../../../shared/pull/diagnose/commands.ts'
import { type Facts, factsOf, withFallback } from '../../../shared/pull/diagnose/facts.ts'

const registry = '111122223333.dkr.ecr.eu-central-1.amazonaws.com'
const digest = `sha256:${'0a'.repeat(32)}`
const place = { account: '111122223333', region: 'eu-central-1', registry, host: registry }
const ofApp = { ...place, repository: 'team/app', image: `${registry}/team/app:1.4`, imageId: 'imageTag=1.4' }
const ofDigest = { ...place, repository: 'app', image: `${registry}/app@${digest}`, imageId: `imageDigest=${digest}` }
const ofPuller = { role: 'puller', roleAccount: '444455556666' }
const factsIn = (text: string) => Object.fromEntries(factsOf(text))

describe('the ids of a message', () => {
  it.each([
    ['an image', `Failed to pull image "${registry}/team/app:1.4"`, ofApp],
    ['an image at the end of a sentence', `cannot pull ${registry}/team/app:1.4.:,`, ofApp],
    [
      'an image without a tag',
      `cannot pull ${registry}/app`,
      { ...place, repository: 'app', image: `${registry}/app:latest`, imageId: 'imageTag=latest' },
    ],
    ['an image with a digest', `cannot pull ${registry}/app@${digest}`, ofDigest],
    ['an image behind a scheme', `cannot pull https://${registry}/team/app:1.4`, ofApp],
    ['an image behind a scheme without TLS', `cannot pull http://${registry}/team/app:1.4`, ofApp],
    ['the URL of a manifest', `Head "https://${registry}/v2/team/app/manifests/1.4": EOF`, ofApp],
    ['the URL of a manifest without TLS', `Head "http://${registry}/v2/team/app/manifests/1.4": EOF`, ofApp],
    ['the URL of a manifest by digest', `Head "https://${registry}/v2/app/manifests/${digest}": EOF`, ofDigest],
    [
      'the URL of a layer, whose version is not that of the image',
      `Get "https://${registry}/v2/app/blobs/${digest}": EOF`,
      { ...place, repository: 'app', image: `${registry}/app:latest`, imageId: 'imageTag=latest' },
    ],
    ['the URL of a registry alone', `Get "https://${registry}/v2/": EOF`, place],
    ['the first of two images', `${registry}/team/app:1.4 and ${registry}/other:2`, ofApp],
    ['an image of another registry', 'cannot pull ghcr.io/team/app:1', {}],
    [
      'a repository by its ARN',
      'on resource: arn:aws:ecr:us-east-1:444455556666:repository/team/app.',
      { account: '444455556666', region: 'us-east-1', repository: 'team/app' },
    ],
    ['another resource of ECR', 'arn:aws:ecr:us-east-1:444455556666:pull-through-cache-rule/x', {}],
    ['a repository of another service', 'arn:aws:iam::444455556666:repository/app', {}],
    ['an assumed role', 'User: arn:aws:sts::444455556666:assumed-role/puller/0a1b is not', ofPuller],
    ['a role with a path', 'role arn:aws:iam::444455556666:role/team/puller: AccessDenied', ofPuller],
    ['a user', 'arn:aws:iam::444455556666:user/alice', {}],
    ['a federated user', 'arn:aws:sts::444455556666:federated-user/alice', {}],
    ['a role of the wrong service', 'arn:aws:sts::444455556666:role/puller', {}],
    ['an assumed role of the wrong service', 'arn:aws:iam::444455556666:assumed-role/puller/x', {}],
    [
      'a repository by its name',
      "The repository with name 'team/app' does not exist in the registry with id '444455556666'",
      { repository: 'team/app', account: '444455556666' },
    ],
    ['a registry with another id', "in the registry with id '44445555666'", {}],
    [
      'the host of the API',
      'Post "https://api.ecr.us-east-1.amazonaws.com/": i/o timeout',
      { host: 'api.ecr.us-east-1.amazonaws.com', region: 'us-east-1' },
    ],
    [
      'the bucket of the layers',
      'Get "https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/x": EOF',
      { host: 'prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com', region: 'us-east-1' },
    ],
    [
      'the bucket of the layers of a region whose label is cut',
      'lookup prod-us-east-1-starport-layer-bucket.s3.example.com',
      { host: 'prod-us-east-1-starport-layer-bucket.s3.example.com', region: 'us-east-1' },
    ],
    ['a host that has no part in a pull', 'lookup db.eu-central-1.rds.amazonaws.com', {}],
    ['a masked registry', 'lookup *.dkr.ecr.eu-central-1.amazonaws.com: no such host', { region: 'eu-central-1' }],
  ] as const)('are those of %s', (_what, text, expected) => {
    expect(factsIn(text)).toEqual(expected)
  })

  it('are never more than one plain word', () => {
    expect(factsIn('arn:aws:iam::444455556666:role/-rf')).toEqual({ roleAccount: '444455556666' })
  })
})

describe('ids that a message does not tell', () => {
  const factsOfEach = (...texts: readonly string[]) => texts.map(factsOf)
  const merged = (own: string, ...others: readonly string[]) =>
    Object.fromEntries(withFallback(factsOf(own), factsOfEach(own, ...others)))

  it('are those of the whole text where it tells but one, the host aside', () => {
    expect(merged('denied', `Image: ${registry}/team/app:1.4`)).toEqual({
      account: '111122223333',
      region: 'eu-central-1',
      registry,
      repository: 'team/app',
      image: `${registry}/team/app:1.4`,
      imageId: 'imageTag=1.4',
    })
  })

  it('stay open where it tells two', () => {
    expect(merged('denied', `${registry}/one:1`, `${registry}/two:1`)).toEqual({
      account: '111122223333',
      region: 'eu-central-1',
      registry,
      imageId: 'imageTag=1',
    })
  })

  it('are not overruled by the text', () => {
    const own = `${registry}/one:1`
    expect(merged(own, 'arn:aws:ecr:us-east-1:444455556666:repository/other')).toEqual(factsIn(own))
  })

  it('are none of another image', () => {
    const own: Facts = new Map([
      ['repository', 'app'],
      ['image', `${registry}/app:1`],
    ])
    expect(withFallback(own, [new Map([['imageId', 'imageTag=2']])]).has('imageId')).toBe(false)
    const nameOnly: Facts = new Map([['repository', 'app']])
    expect(withFallback(nameOnly, [new Map([['imageId', 'imageTag=2']])]).get('imageId')).toBe('imageTag=2')
  })
})

describe('a command', () => {
  const fill = (template: string, ...facts: readonly (readonly [Parameters<Facts['get']>[0], string])[]) =>
    filled(template, new Map(facts))

  it.each([
    ['{region} {unheard} {}', [['region', 'eu-west-1']], 'eu-west-1 {unheard} {}'],
    ['{region}', [], "'<region>'"],
    ['{imageId}', [], "'imageTag=<tag>'"],
    ['{roleAccount}', [], "'<account of the role>'"],
    ['{host}', [['registry', registry]], registry],
    [
      '{host}',
      [
        ['registry', registry],
        ['host', 'api.ecr.eu-west-1.amazonaws.com'],
      ],
      'api.ecr.eu-west-1.amazonaws.com',
    ],
    ['{registry}', [['host', registry]], "'<registry>'"],
    [
      '{api}',
      [
        ['host', 'ecr.eu-west-1.api.aws'],
        ['region', 'eu-central-1'],
      ],
      'ecr.eu-west-1.api.aws',
    ],
    [
      '{api}',
      [
        ['host', registry],
        ['region', 'eu-central-1'],
      ],
      'api.ecr.eu-central-1.amazonaws.com',
    ],
    ['{api}', [['region', 'cn-north-1']], 'api.ecr.cn-north-1.amazonaws.com.cn'],
    ['{api}', [['region', 'eusc-de-east-1']], 'api.ecr.eusc-de-east-1.amazonaws.eu'],
    ['{api}', [], "api.ecr.'<region>'.amazonaws.com"],
  ] as const)('%s with %j is %s', (template, facts, expected) => {
    expect(fill(template, ...facts)).toBe(expected)
  })
})
