import type { Signature } from './signature.ts'

/** Ways to say that nothing answered. */
export const unreachable: readonly string[] = [
  'i/o timeout',
  'request canceled while waiting',
  'client.timeout',
  'context deadline exceeded',
  'context canceled',
  'connection timed out',
  'operation timed out',
  'connect timeout',
  'no route to host',
  'network is unreachable',
  'connection refused',
  'connection reset',
  'exceeded maximum number of attempts',
  'send request failed',
  'request send failed',
  'failed to do request',
  'connection issue',
  'could not connect to the endpoint url',
  'check your task network configuration',
  'check your network configuration',
  'service call has been retried',
  'dial tcp',
]

/** Ways to say that the call ended because somebody answered so; groups and network ACLs drop without an answer. */
const turnedAway: readonly string[] = ['connection refused', 'connection reset']

/** The service answered, so that it can be reached. */
const answered: readonly string[] = ['accessdenied', 'not authorized', 'statuscode: 4', 'statuscode: 5']

/** What the kubelet says when its credential provider gave nothing: the message names the registry of the image, not who was called. */
const ofProvider = ['credential provider plugin', 'external registry credential provider']

/** What is said of the call for the token alone. Tasks say auth, the guide says authentication. */
const ofToken = [
  'pull registry auth',
  'unable to retrieve ecr registry auth',
  'while requesting ecr authorization token',
  'operation error ecr: getauthorizationtoken',
]

const e45: Signature['means'] = [
  ['no-route-to-ecr-api', 0.6],
  ['node-credentials-unavailable', 0.35],
  ['endpoint-blocks-443', 0.3],
]

/** Rows on names, addresses, routes and TLS. */
export const networkSignatures: readonly Signature[] = [
  {
    id: 'proxy',
    any: ['proxyconnect tcp'],
    host: ['api', 'registry', 'layers', 'public'],
    means: [['proxy-unreachable', 0.9]],
  },
  {
    id: 'log-group',
    all: ['log group does not exist'],
    any: ['failed to validate logger args', 'cloudwatch'],
    means: [['log-group-missing', 0.95]],
  },
  {
    id: 'logger-refused',
    all: ['not authorized to perform'],
    any: ['perform: logs:createlogstream', 'perform: logs:createloggroup', 'perform: logs:putlogevents'],
    means: [['log-access-refused', 0.9]],
  },
  {
    id: 'logger-refused-cut',
    all: ['accessdenied'],
    any: ['failed to validate logger args', 'failed to create cloudwatch log'],
    means: [['log-access-refused', 0.85]],
  },
  {
    id: 'logger',
    all: ['failed to validate logger args'],
    none: ['not authorized'],
    means: [['logs-unreachable', 0.8]],
  },
  {
    id: 'logging-driver',
    all: ['failed to create cloudwatch log'],
    any: unreachable,
    means: [['logs-unreachable', 0.9]],
  },
  {
    id: 'logging-driver-cut',
    all: ['failed to initialize logging driver', 'cloudwatch'],
    none: ['not authorized'],
    means: [
      ['logs-unreachable', 0.5],
      ['log-access-refused', 0.3],
      ['log-group-missing', 0.2],
    ],
  },
  {
    id: 'logs-connection',
    all: ['connection issue between the task and amazon cloudwatch'],
    means: [['logs-unreachable', 0.9]],
  },
  {
    id: 'dns-timeout',
    all: ['lookup '],
    any: [
      'read udp',
      ':53: i/o timeout',
      'server misbehaving',
      'temporary failure in name resolution',
      ':53: connection refused',
    ],
    host: ['api', 'registry', 'layers', 'service', 'public'],
    means: [['dns-server-unreachable', 0.9]],
  },
  {
    id: 'E29',
    any: [
      'no such host',
      'could not resolve host',
      'name or service not known',
      'temporary failure in name resolution',
    ],
    host: ['registry'],
    means: [
      ['name-not-resolved', 0.8],
      ['wrong-registry-host', 0.35],
    ],
  },
  {
    id: 'E29-other-host',
    any: [
      'no such host',
      'could not resolve host',
      'name or service not known',
      'temporary failure in name resolution',
    ],
    host: ['api', 'layers', 'service', 'public'],
    means: [['name-not-resolved', 0.85]],
  },
  {
    id: 'E35',
    any: [
      'x509:',
      'certificate signed by unknown authority',
      'certificate verify failed',
      'tls: failed to verify certificate',
    ],
    host: ['api', 'registry', 'layers', 'public', 'service'],
    means: [['not-ecr-tls-inspection', 0.9]],
  },
  {
    id: 'E35-no-host',
    any: ['x509: certificate signed by unknown authority'],
    none: ['https://', 'connect to the server'],
    host: ['none'],
    means: [['not-ecr-tls-inspection', 0.6]],
  },
  {
    id: 'E35-of-pull',
    any: ['x509: certificate signed by unknown authority'],
    ofPull: true,
    means: [['not-ecr-tls-inspection', 0.6]],
  },
  {
    id: 'E28',
    all: ['tls handshake timeout'],
    host: ['layers'],
    means: [
      ['no-route-to-layers', 0.5],
      ['tls-handshake-stalled', 0.5],
    ],
  },
  {
    id: 'E28',
    all: ['tls handshake timeout'],
    host: ['api', 'registry', 'public'],
    means: [
      ['tls-handshake-stalled', 0.7],
      ['no-route-to-registry', 0.2],
    ],
  },
  {
    id: 'E28-no-host',
    all: ['tls handshake timeout'],
    none: ['https://'],
    host: ['none'],
    means: [
      ['tls-handshake-stalled', 0.6],
      ['no-route-to-registry', 0.2],
    ],
  },
  {
    id: 'E6',
    all: ['from ssm'],
    any: ['deadline exceeded', ...unreachable, 'context deadli', 'requestcanceled'],
    ofPull: true,
    means: [
      ['ssm-unreachable', 0.85],
      ['secret-access-refused', 0.1],
    ],
  },
  {
    id: 'E6-service',
    any: ['pull secrets from aws systems manager', 'between the task and aws systems manager'],
    none: ['is not authorized to perform'],
    means: [
      ['ssm-unreachable', 0.85],
      ['secret-access-refused', 0.1],
    ],
  },
  {
    id: 'E7',
    any: [
      'registry auth from asm',
      'secret from asm',
      'secrets from asm',
      'unable to retrieve secret from asm',
      'secrets from secretsmanager',
      'fetching secret data from aws secrets manager',
    ],
    none: ['is not authorized to perform'],
    means: [
      ['secrets-manager-unreachable', 0.7],
      ['secret-access-refused', 0.3],
    ],
  },
  {
    id: 'E7-service',
    any: ['pull secrets from aws secrets manager', 'between the task and aws secrets manager'],
    none: ['is not authorized to perform'],
    means: [
      ['secrets-manager-unreachable', 0.85],
      ['secret-access-refused', 0.1],
    ],
  },
  {
    id: 'service-secrets',
    any: unreachable,
    all: ['secretsmanager'],
    host: ['service'],
    means: [['secrets-manager-unreachable', 0.85]],
  },
  { id: 'service-host', any: unreachable, host: ['service'], ofPull: true, means: [['aws-service-unreachable', 0.8]] },
  {
    id: 'service-operation',
    all: ['operation error sts'],
    any: unreachable,
    none: answered,
    host: ['registry', 'public', 'upstream', 'none'],
    ofPull: true,
    means: [['aws-service-unreachable', 0.75]],
  },
  {
    id: 'turned-away',
    any: turnedAway,
    none: ['i/o timeout'],
    host: ['api', 'registry', 'layers'],
    address: ['private', 'foreign'],
    means: [
      ['connection-turned-away', 0.6],
      ['endpoint-blocks-443', 0.2],
    ],
  },
  {
    id: 'E45-private',
    any: ofProvider,
    none: answered,
    host: ['registry', 'public', 'upstream', 'none'],
    address: ['private'],
    means: [
      ['endpoint-blocks-443', 0.75],
      ['no-route-to-ecr-api', 0.3],
    ],
  },
  {
    id: 'E45',
    any: ofProvider,
    none: answered,
    host: ['registry', 'public', 'upstream', 'none'],
    means: e45,
  },
  {
    id: 'api-private',
    any: unreachable,
    host: ['api'],
    address: ['private'],
    means: [
      ['endpoint-blocks-443', 0.9],
      ['no-route-to-ecr-api', 0.15],
    ],
  },
  {
    id: 'api-foreign',
    any: unreachable,
    host: ['api'],
    address: ['foreign'],
    means: [
      ['endpoint-blocks-443', 0.65],
      ['no-route-to-ecr-api', 0.35],
    ],
  },
  {
    id: 'api-public',
    any: unreachable,
    host: ['api'],
    address: ['public'],
    means: [
      ['no-route-to-ecr-api', 0.9],
      ['private-dns-not-used', 0.3],
    ],
  },
  {
    id: 'E3 E4 E5 E8',
    any: unreachable,
    host: ['api'],
    means: [
      ['no-route-to-ecr-api', 0.8],
      ['endpoint-blocks-443', 0.4],
    ],
  },
  {
    // The agent crashes on a layer that never arrives; AWS names the way to the S3 gateway endpoint as its cause.
    id: 'panic',
    all: ['panic: runtime error'],
    any: ['pull command failed', 'cannotpull'],
    means: [['no-route-to-layers', 0.85]],
  },
  {
    id: 'layers-private',
    any: unreachable,
    host: ['layers'],
    address: ['private'],
    means: [
      ['endpoint-blocks-443', 0.8],
      ['no-route-to-layers', 0.3],
    ],
  },
  {
    id: 'E30',
    any: [...unreachable, 'timeout', 'timed out', 'error pulling image configuration: get', 'eof'],
    none: ['403', '<?xml', 'accessdenied'],
    host: ['layers'],
    means: [
      ['no-route-to-layers', 0.9],
      ['endpoint-blocks-443', 0.2],
    ],
  },
  {
    id: 'registry-private',
    any: unreachable,
    host: ['registry'],
    address: ['private'],
    means: [
      ['endpoint-blocks-443', 0.9],
      ['no-route-to-registry', 0.15],
    ],
  },
  {
    id: 'E27',
    any: unreachable,
    host: ['registry'],
    address: ['foreign'],
    means: [
      ['endpoint-blocks-443', 0.65],
      ['no-route-to-registry', 0.35],
    ],
  },
  {
    id: 'registry-public',
    any: unreachable,
    host: ['registry'],
    address: ['public'],
    means: [
      ['no-route-to-registry', 0.9],
      ['private-dns-not-used', 0.3],
    ],
  },
  {
    id: 'public',
    any: unreachable,
    none: ['403 forbidden'],
    host: ['public'],
    means: [['public-registry-unreachable', 0.85]],
  },
  {
    id: 'upstream',
    any: ['tls handshake timeout', ...unreachable],
    host: ['upstream'],
    means: [['not-ecr-upstream-unreachable', 0.7]],
  },
]

/** Rows on the network that say little; they come after those on access and images. */
export const vagueNetworkSignatures: readonly Signature[] = [
  { id: 'E45-vague', any: ofProvider, none: answered, means: e45 },
  {
    id: 'E45-answered',
    any: ofProvider,
    means: [
      ['token-not-refreshed', 0.5],
      ['node-credentials-unavailable', 0.3],
    ],
  },
  {
    id: 'E31',
    any: ['dockertimeouterror', 'cannotpullcontainererror: context canceled', 'could not transition to started'],
    means: [
      ['no-route-to-layers', 0.5],
      ['no-route-to-registry', 0.4],
    ],
  },
  {
    id: 'E49',
    any: ['inactivity time exceeded timeout while pulling image', 'could not transition to pulled'],
    means: [
      ['no-route-to-layers', 0.5],
      ['registry-stalled', 0.35],
    ],
  },
  {
    id: 'E5-private',
    any: ofToken,
    none: answered,
    host: ['none'],
    address: ['private'],
    means: [
      ['endpoint-blocks-443', 0.8],
      ['no-route-to-ecr-api', 0.15],
    ],
  },
  {
    id: 'private-without-host',
    any: unreachable,
    none: ['efs utils', 'mount.nfs'],
    host: ['none'],
    address: ['private'],
    ofPull: true,
    means: [
      ['endpoint-blocks-443', 0.8],
      ['no-route-to-registry', 0.15],
    ],
  },
  {
    id: 'E5',
    any: ofToken,
    none: ['not authorized'],
    means: [
      ['no-route-to-ecr-api', 0.7],
      ['identity-policy-lacks-token-action', 0.25],
    ],
  },
  {
    id: 'E33-cut',
    any: ['failed to copy: httpreaderseeker: failed open', 'failed to copy: httpreadseeker: failed open'],
    none: ['unexpected status', 'not found'],
    host: ['none', 'registry'],
    means: [
      ['no-route-to-layers', 0.7],
      ['layer-endpoint-policy-refuses', 0.3],
    ],
  },
  {
    id: 'pull-to-registry',
    any: ['error pulling image configuration'],
    host: ['registry', 'none'],
    means: [
      ['no-route-to-layers', 0.5],
      ['no-route-to-registry', 0.3],
    ],
  },
  {
    id: 'E1 E2 E27',
    any: unreachable,
    host: ['registry'],
    means: [
      ['no-route-to-registry', 0.8],
      ['endpoint-blocks-443', 0.4],
    ],
  },
  {
    id: 'E50',
    any: [
      'check your network configuration',
      'check your task network configuration',
      'connection issue between the task and amazon ecr',
    ],
    means: [
      ['no-route-to-registry', 0.5],
      ['no-route-to-ecr-api', 0.4],
      ['endpoint-blocks-443', 0.3],
      ['no-route-to-layers', 0.2],
    ],
  },
  {
    // Layers lie behind public addresses in any case, the registry where no endpoint takes its name.
    id: 'public-without-host',
    any: unreachable,
    none: ['efs utils', 'mount.nfs'],
    host: ['none'],
    address: ['public'],
    ofPull: true,
    means: [
      ['no-route-to-registry', 0.5],
      ['no-route-to-layers', 0.45],
    ],
  },
  {
    id: 'pull-unreachable',
    any: [
      'i/o timeout',
      'request canceled while waiting',
      'connection timed out',
      'deadline exceeded',
      'network is unreachable',
      'no route to host',
      'signal: killed',
    ],
    none: ['efs utils', 'mount.nfs'],
    host: ['none', 'registry'],
    ofPull: true,
    means: [
      ['no-route-to-registry', 0.4],
      ['no-route-to-layers', 0.3],
      ['endpoint-blocks-443', 0.3],
    ],
  },
]
