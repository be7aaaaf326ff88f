import type { Signature } from './signature.ts'

/** Rows on things that look like a failed pull and lie elsewhere; they are asked first. */
export const elsewhereSignatures: readonly Signature[] = [
  {
    id: 'E37',
    any: [
      'you have reached your pull rate limit',
      'you have reached your unauthenticated pull rate limit',
      'increase-rate-limit',
    ],
    means: [['not-ecr-docker-hub-rate-limit', 0.97]],
  },
  { id: 'E38', all: ['pull qps exceeded'], means: [['not-ecr-kubelet-pull-qps', 0.97]] },
  {
    id: 'E40',
    all: ['no space left on device'],
    any: [
      'getimageblob',
      'failed to register layer',
      'failed to extract layer',
      'overlayfs',
      '/var/lib/docker',
      '/var/lib/containerd',
      'cannotpull',
      'ingest',
      'content store',
    ],
    means: [['not-ecr-disk-full', 0.97]],
  },
  { id: 'E41', all: ['no space left on device'], ofPull: true, means: [['not-ecr-disk-full', 0.9]] },
  { id: 'E36-upstream', all: ['toomanyrequests'], host: ['upstream'], means: [['not-ecr-docker-hub-rate-limit', 0.7]] },
  {
    id: 'E36',
    any: ['toomanyrequests: rate exceeded', 'unknown: rate exceeded', 'toomanyrequests'],
    means: [['ecr-throttled', 0.9]],
  },
  { id: 'E36', all: ['throttlingexception'], any: ['getauthorizationtoken', 'ecr'], means: [['ecr-throttled', 0.9]] },
  {
    id: 'E52',
    any: ['instances failed to join the kubernetes cluster', 'nodecreationfailure'],
    means: [
      ['node-not-joined', 0.6],
      ['no-route-to-registry', 0.35],
      ['no-route-to-ecr-api', 0.3],
    ],
  },
]

const cachePrefixes = [
  'ecr-public/',
  'docker-hub/',
  'quay/',
  'kubernetes/',
  'k8s/',
  'github/',
  'ghcr/',
  'gitlab/',
  'azure/',
  'chainguard/',
]

/** Rows on repositories, images, layers and platforms. */
export const imageSignatures: readonly Signature[] = [
  {
    id: 'malformed',
    any: ['invalidimagename', "couldn't parse image", 'invalid reference format'],
    means: [['image-name-malformed', 0.97]],
  },
  {
    id: 'upstream-image',
    any: [
      ': not found',
      '404 not found',
      'manifest unknown',
      'requested access to the resource is denied',
      'pull access denied',
      '401 unauthorized',
      '403 forbidden',
    ],
    host: ['upstream'],
    ofPull: true,
    means: [['not-ecr-upstream-image', 0.8]],
  },
  {
    id: 'E26',
    any: [
      'authentication to the upstream registry failed',
      'upstreamaccessdenied',
      'unabletoaccesssecretexception',
      'unabletodecryptsecretvalueexception',
      'secretnotfoundexception',
    ],
    means: [['upstream-credentials-refused', 0.95]],
  },
  {
    id: 'upstream-down',
    any: [
      'upstreamunavailable',
      'upstreamtoomanyrequests',
      'unabletogetupstreamimageexception',
      'unabletogetupstreamlayerexception',
    ],
    means: [['upstream-unavailable', 0.85]],
  },
  {
    id: 'kms',
    any: ['kmserror', 'kmsexception', 'kms.disabledexception', 'kms.kmsinvalidstateexception'],
    ofPull: true,
    means: [['kms-key-unusable', 0.9]],
  },
  { id: 'layer-gone', any: ['layerinaccessibleexception', 'imageinaccessible'], means: [['layer-inaccessible', 0.85]] },
  {
    id: 'E42 E43 E44',
    any: [
      'failed to find a descriptor for platform',
      'descriptor matching platform',
      'no match for platform in manifest',
      'no matching manifest for',
      'does not match the specified platform',
      'based image is incompatible with a',
    ],
    means: [['platform-not-in-image', 0.97]],
  },
  {
    id: 'E34',
    any: ['filesystem verification failed', 'filesystem layer verification failed'],
    means: [
      ['layer-verification-failed', 0.7],
      ['not-ecr-disk-full', 0.3],
    ],
  },
  {
    id: 'E24-cache',
    any: cachePrefixes.map((prefix) => `repository with name '${prefix}`),
    means: [
      ['pull-through-cache-cannot-create', 0.7],
      ['repository-not-found', 0.4],
    ],
  },
  {
    id: 'E24',
    all: ['the repository with name', 'does not exist in the registry'],
    means: [
      ['repository-not-found', 0.9],
      ['pull-through-cache-cannot-create', 0.2],
    ],
  },
  {
    id: 'E24',
    any: ['repositorynotfoundexception', 'name unknown: the repository'],
    means: [['repository-not-found', 0.9]],
  },
  {
    id: 'E22',
    all: ['repository', 'not found'],
    any: ['api error (404)', 'api error (500)'],
    means: [['repository-not-found', 0.9]],
  },
  {
    id: 'E25-archived',
    any: ['imagearchivedexception', 'image is archived', 'image has been archived'],
    means: [['image-archived', 0.95]],
  },
  {
    id: 'E25',
    any: ['requested image not found', 'manifest unknown', 'imagenotfoundexception'],
    means: [
      ['image-not-found', 0.8],
      ['pull-through-cache-cannot-import', 0.3],
      ['image-archived', 0.2],
    ],
  },
  {
    id: 'E21-agent',
    all: ['check whether the image exists'],
    means: [
      ['image-or-repository-missing', 0.6],
      ['pull-not-permitted', 0.4],
    ],
  },
  {
    id: 'E21',
    any: [
      'requested access to the resource is denied',
      'pull access denied',
      'repository does not exist or may require',
    ],
    none: ['not authorized'],
    means: [
      ['image-or-repository-missing', 0.55],
      ['pull-not-permitted', 0.45],
    ],
  },
  {
    id: 'E23',
    any: [': not found', '404 not found', 'code = notfound'],
    host: ['registry'],
    ofPull: true,
    means: [
      ['image-not-found', 0.7],
      ['wrong-account-or-region', 0.35],
      ['image-archived', 0.25],
    ],
  },
  {
    id: 'E23',
    all: ['failed to resolve ref', ': not found'],
    host: ['none'],
    ofPull: true,
    means: [
      ['image-not-found', 0.65],
      ['wrong-account-or-region', 0.35],
      ['image-archived', 0.2],
    ],
  },
  {
    id: 'E23',
    all: ['code = notfound', 'pull'],
    host: ['none'],
    means: [
      ['image-not-found', 0.65],
      ['wrong-account-or-region', 0.35],
      ['image-archived', 0.2],
    ],
  },
]
