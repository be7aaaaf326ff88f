import type { Signature } from './signature.ts'

const pulling = ['pull', 'none'] as const
const token = ['token'] as const

/** Rows on roles, tokens and policies. */
export const accessSignatures: readonly Signature[] = [
  {
    id: 'E47',
    any: ['was unable to assume the role', 'unable to assume role', 'is unable to assume the role'],
    all: ['role'],
    none: ['ecr:'],
    means: [['role-not-assumable', 0.95]],
  },
  { id: 'E48', any: ['requires task definition to have execution role arn'], means: [['no-execution-role', 0.98]] },
  {
    id: 'E46',
    all: ['credential provider plugin'],
    any: ['no such file or directory', 'executable file not found', 'permission denied'],
    means: [['credential-provider-missing', 0.95]],
  },
  {
    id: 'credential-provider-missing',
    all: ['ecr-credential-provider'],
    any: ['no such file or directory', 'executable file not found'],
    means: [['credential-provider-missing', 0.9]],
  },
  {
    id: 'E45-metadata',
    all: ['credential provider plugin'],
    any: ['169.254.169.254', 'no ec2 imds role found', 'failed to refresh cached credentials'],
    means: [['node-credentials-unavailable', 0.85]],
  },
  {
    // Only a role that a service account names is assumed so; the call was answered.
    id: 'web-identity',
    any: [
      'not authorized to perform sts:assumerolewithwebidentity',
      'not authorized to perform: sts:assumerolewithwebidentity',
      'no openidconnect provider found',
    ],
    none: ['vpc endpoint policy'],
    ofPull: true,
    means: [['role-not-assumable', 0.9]],
  },
  {
    id: 'no-role',
    any: ['no ec2 imds role found', 'ec2rolerequesterror', 'nocredentialproviders', 'unable to locate credentials'],
    ofPull: true,
    means: [['node-credentials-unavailable', 0.75]],
  },
  {
    id: 'credentials-refused',
    any: [
      'security token included in the request is expired',
      'security token included in the request is invalid',
      'expiredtokenexception',
      'signature expired',
    ],
    action: ['none', 'token', 'pull'],
    ofPull: true,
    means: [['node-credentials-unavailable', 0.8]],
  },
  {
    id: 'credentials-refused-call',
    any: ['security token included in the request is', 'unrecognizedclientexception', 'signature expired'],
    all: ['getauthorizationtoken'],
    means: [['node-credentials-unavailable', 0.8]],
  },
  {
    id: 'secret-missing',
    any: [
      "can't find the specified secret",
      'invalid ssm parameters',
      'parameternotfound',
      "can't retrieve the secret with arn",
      'cannot retrieve the secret with arn',
    ],
    none: ['accessdenied', 'connection issue'],
    means: [['secret-not-found', 0.9]],
  },
  { id: 'secret', all: ['not authorized to perform'], action: ['secret'], means: [['secret-access-refused', 0.9]] },
  {
    id: 'secret-cut',
    all: ['accessdenied'],
    any: [
      'secret from asm',
      'secrets from asm',
      'secret from ssm',
      'secrets from ssm',
      'registry auth from asm',
      'fetching secret data from aws secrets manager',
    ],
    means: [['secret-access-refused', 0.85]],
  },
  {
    id: 'E18',
    any: [
      'no vpc endpoint policy allows',
      'explicit deny in a vpc endpoint policy',
      'explicit deny in vpc endpoint policy',
      'denied due to a vpc endpoint policy',
    ],
    action: ['token', 'pull', 'none'],
    means: [['endpoint-policy-refuses', 0.95]],
  },
  {
    id: 'E18-web-identity',
    all: ['assumerolewithwebidentity'],
    any: ['no vpc endpoint policy allows', 'explicit deny in a vpc endpoint policy'],
    ofPull: true,
    means: [['endpoint-policy-refuses', 0.9]],
  },
  {
    id: 'E19',
    any: [
      'no service control policy allows',
      'explicit deny in a service control policy',
      'explicit deny in service control policy',
    ],
    action: ['token', 'pull', 'none'],
    means: [['scp-refuses', 0.95]],
  },
  {
    id: 'E19-rcp',
    any: ['no resource control policy allows', 'explicit deny in a resource control policy'],
    action: ['token', 'pull', 'none'],
    means: [['rcp-refuses', 0.95]],
  },
  {
    id: 'E20',
    any: [
      'no permissions boundary allows',
      'no permission boundary allows',
      'explicit deny in a permissions boundary',
      'explicit deny in a permission boundary',
    ],
    action: ['token', 'pull', 'none'],
    means: [['boundary-refuses', 0.95]],
  },
  {
    id: 'session',
    any: ['no session policy allows', 'explicit deny in a session policy'],
    action: ['token', 'pull', 'none'],
    means: [['session-policy-refuses', 0.95]],
  },
  {
    id: 'E24-create',
    all: ['not authorized', 'ecr:createrepository'],
    none: ['explicit deny', 'no resource-based policy'],
    means: [['pull-through-cache-cannot-create', 0.9]],
  },
  {
    id: 'E25-import',
    all: ['not authorized', 'ecr:batchimportupstreamimage'],
    none: ['explicit deny', 'no resource-based policy'],
    means: [['pull-through-cache-cannot-import', 0.9]],
  },
  {
    id: 'E15',
    any: ['no resource-based policy allows'],
    action: pulling,
    means: [['repository-policy-lacks-pull-action', 0.95]],
  },
  {
    id: 'E16',
    any: ['no identity-based policy allows'],
    action: token,
    means: [['identity-policy-lacks-token-action', 0.97]],
  },
  {
    id: 'E14',
    any: ['no identity-based policy allows'],
    action: pulling,
    means: [['identity-policy-lacks-pull-action', 0.95]],
  },
  {
    id: 'E17-identity-token',
    any: ['explicit deny in an identity-based policy', 'explicit deny in a identity-based policy'],
    action: token,
    means: [['token-action-denied', 0.95]],
  },
  {
    id: 'E17-identity',
    any: [
      'explicit deny in an identity-based policy',
      'explicit deny in a identity-based policy',
      'explicit deny in a resource-based policy',
      'explicit deny in an resource-based policy',
    ],
    action: pulling,
    means: [['pull-action-denied', 0.95]],
  },
  {
    id: 'E17-token',
    all: ['explicit deny'],
    action: token,
    means: [
      ['token-action-denied', 0.45],
      ['guardrail-refuses', 0.4],
      ['endpoint-policy-refuses', 0.3],
    ],
  },
  {
    id: 'E17',
    all: ['with an explicit deny'],
    action: pulling,
    means: [
      ['pull-action-denied', 0.45],
      ['guardrail-refuses', 0.4],
      ['endpoint-policy-refuses', 0.3],
    ],
  },
  {
    id: 'E16-plain',
    all: ['not authorized'],
    action: token,
    means: [
      ['identity-policy-lacks-token-action', 0.75],
      ['guardrail-refuses', 0.25],
      ['endpoint-policy-refuses', 0.2],
    ],
  },
  {
    id: 'E14-plain',
    all: ['not authorized'],
    action: ['pull'],
    means: [
      ['identity-policy-lacks-pull-action', 0.6],
      ['repository-policy-lacks-pull-action', 0.4],
      ['guardrail-refuses', 0.2],
      ['endpoint-policy-refuses', 0.2],
    ],
  },
  {
    id: 'E16-cut',
    all: ['unable to retrieve ecr registry auth', 'accessdenied'],
    means: [
      ['identity-policy-lacks-token-action', 0.75],
      ['guardrail-refuses', 0.25],
      ['endpoint-policy-refuses', 0.2],
    ],
  },
  {
    id: 'E45-cut',
    all: ['credential provider plugin', 'accessdenied'],
    none: ['assumerolewithwebidentity'],
    means: [
      ['identity-policy-lacks-token-action', 0.7],
      ['guardrail-refuses', 0.25],
      ['endpoint-policy-refuses', 0.2],
    ],
  },
  {
    id: 'E45-web-identity-cut',
    all: ['credential provider plugin', 'accessdenied', 'assumerolewithwebidentity'],
    means: [['role-not-assumable', 0.7]],
  },
  {
    id: 'E14-cut',
    all: ['denied: user: '],
    action: ['none'],
    ofPull: true,
    means: [
      ['identity-policy-lacks-pull-action', 0.55],
      ['repository-policy-lacks-pull-action', 0.4],
      ['guardrail-refuses', 0.2],
    ],
  },
  { id: 'E53', all: ['invalid repository policy provided'], means: [['repository-policy-invalid', 0.95]] },
  { id: 'E53', all: ['principal not found', 'policytext'], means: [['policy-principal-not-found', 0.95]] },
  {
    id: 'E51',
    any: ['403 forbidden', 'your authorization token has expired', 'status code 403'],
    host: ['public'],
    means: [['stale-public-login', 0.85]],
  },
  {
    id: 'E54-expired',
    all: ['failed to refresh url', '403'],
    means: [
      ['lazy-load-failed', 0.55],
      ['lazy-load-credentials-expired', 0.45],
    ],
  },
  {
    id: 'E54',
    any: ['failed to prepare remote snapshot', 'unable to fetch soci artifacts', 'failed to refresh url'],
    means: [
      ['lazy-load-failed', 0.7],
      ['lazy-load-credentials-expired', 0.3],
    ],
  },
  {
    id: 'E32',
    any: ["error parsing http 403 response body: invalid character '<'"],
    means: [['layer-endpoint-policy-refuses', 0.9]],
  },
  {
    id: 'E32-xml',
    all: ['<code>accessdenied</code>'],
    host: ['layers', 'registry'],
    means: [['layer-endpoint-policy-refuses', 0.9]],
  },
  {
    id: 'E33-layers',
    any: ['403', 'accessdenied'],
    none: ['401'],
    host: ['layers'],
    means: [['layer-endpoint-policy-refuses', 0.9]],
  },
  {
    id: 'E33',
    all: ['failed to copy', 'unexpected status'],
    none: ['401', '404', '429', '500', '502', '503'],
    means: [
      ['layer-endpoint-policy-refuses', 0.65],
      ['pull-not-permitted', 0.35],
    ],
  },
  {
    id: 'E10',
    all: ['no basic auth credentials', 'authorization failed'],
    means: [
      ['no-credentials', 0.65],
      ['no-route-to-ecr-api', 0.4],
      ['identity-policy-lacks-token-action', 0.35],
    ],
  },
  {
    id: 'E9',
    all: ['no basic auth credentials'],
    means: [
      ['no-route-to-ecr-api', 0.5],
      ['no-credentials', 0.45],
      ['identity-policy-lacks-token-action', 0.35],
    ],
  },
  {
    id: 'expired',
    any: ['your authorization token has expired', 'authorization token has expired'],
    means: [['token-refused', 0.95]],
  },
  {
    id: 'E11',
    any: ['401 unauthorized', 'status code 401', 'status: 401'],
    host: ['registry'],
    means: [
      ['token-refused', 0.85],
      ['no-credentials', 0.3],
    ],
  },
  {
    id: 'E11-no-host',
    any: ['401 unauthorized'],
    host: ['none'],
    ofPull: true,
    means: [
      ['token-refused', 0.7],
      ['no-credentials', 0.3],
    ],
  },
  { id: 'E49-token', all: ['engine ecr credentials: not found'], means: [['agent-has-no-token', 0.9]] },
  {
    id: 'E39',
    all: ['unauthorized: authentication required'],
    means: [
      ['token-not-refreshed', 0.7],
      ['no-credentials', 0.3],
    ],
  },
  {
    id: 'E12 E13',
    any: ['403 forbidden', 'status code 403', 'status: 403', 'statuscode: 403'],
    host: ['registry'],
    means: [
      ['pull-not-permitted', 0.6],
      ['endpoint-policy-refuses', 0.35],
      ['guardrail-refuses', 0.3],
    ],
  },
  {
    id: 'E12 E13',
    any: ['403 forbidden'],
    host: ['none'],
    ofPull: true,
    means: [
      ['pull-not-permitted', 0.55],
      ['endpoint-policy-refuses', 0.35],
      ['guardrail-refuses', 0.3],
    ],
  },
  {
    id: 'E14-agent',
    all: ['check that the role has the permissions to pull images'],
    means: [
      ['identity-policy-lacks-pull-action', 0.55],
      ['identity-policy-lacks-token-action', 0.35],
      ['repository-policy-lacks-pull-action', 0.3],
    ],
  },
]
