import type { PullThroughCacheRule } from '../../inventory/ecr.ts'
import { isAccountId, parseArn } from '../../model/arn.ts'
import { failing, type HopAnswer, passing, undecided } from './hop-answer.ts'

/** Registries as ECR names them. */
const withoutLogin: ReadonlySet<string> = new Set(['ecr-public', 'quay', 'k8s'])
const withLogin: ReadonlySet<string> = new Set([
  'docker-hub',
  'github-container-registry',
  'azure-container-registry',
  'gitlab-container-registry',
  'chainguard',
])
/** What names of secrets must start with. */
const secretPrefix = 'ecr-pullthroughcache/'

/** Private upstreams need a secret, a private ECR registry of another account a role; public ones need nothing. */
export function upstreamAnswer(rule: PullThroughCacheRule): HopAnswer {
  const { upstreamRegistry, upstreamRegistryUrl, credentialArn } = rule
  const url = upstreamRegistryUrl
  if (upstreamRegistry.state === 'known' && upstreamRegistry.value === 'ecr') return ecrAnswer(rule)
  if (upstreamRegistry.state === 'known' && withoutLogin.has(upstreamRegistry.value)) {
    return passing('cache-upstream-public', `the upstream ${url} asks for no login`)
  }
  switch (credentialArn.state) {
    case 'known':
      return secretAnswer(rule, credentialArn.value)
    case 'unknown':
      return open('cache-credential-not-known', `the credential for the upstream ${url}: ${credentialArn.reason}`)
    case 'absent':
      return upstreamRegistry.state === 'known' && withLogin.has(upstreamRegistry.value)
        ? failing('cache-without-credential', `the cache rule ${rule.prefix} has no credential for ${url}`, {
            fix: `Give the cache rule ${rule.prefix} a secret of Secrets Manager named ${secretPrefix}…`,
          })
        : open('cache-upstream-not-known', `whether the upstream ${url} asks for a login is not known`)
    default:
      return credentialArn satisfies never
  }
}

function secretAnswer({ prefix }: PullThroughCacheRule, arn: string): HopAnswer {
  const name = parseArn(arn)?.resource.replace(/^secret:/, '')
  if (name?.startsWith(secretPrefix) !== true) {
    return failing(
      'cache-credential-misnamed',
      `the secret of the cache rule ${prefix} is not named ${secretPrefix}…`,
      {
        fix: `Give the cache rule ${prefix} a secret of Secrets Manager named ${secretPrefix}…`,
      },
    )
  }
  return passing('cache-credential', `the cache rule ${prefix} has a credential`, {
    assumptions: [`assumes that the secret ${arn} holds a valid login`],
  })
}

function ecrAnswer({ ref, prefix, upstreamRegistryUrl, customRoleArn }: PullThroughCacheRule): HopAnswer {
  const accountId = upstreamRegistryUrl.replace(/^https:\/\//, '').split('.', 1)[0] ?? ''
  if (!isAccountId(accountId)) {
    return open('cache-upstream-not-known', `the account of the upstream ${upstreamRegistryUrl} is not known`)
  }
  if (accountId === ref.accountId)
    return passing('cache-upstream-own', 'the upstream is a registry of the same account')
  if (customRoleArn.state === 'unknown') {
    return open('cache-role-not-known', `the role for the upstream ${upstreamRegistryUrl}: ${customRoleArn.reason}`)
  }
  return customRoleArn.state === 'known'
    ? passing('cache-role', `the cache rule ${prefix} has a role for its upstream`, {
        assumptions: [`assumes that account ${accountId} lets ${customRoleArn.value} pull the image`],
      })
    : failing('cache-without-role', `the cache rule ${prefix} has no role for the registry of account ${accountId}`, {
        fix: `Give the cache rule ${prefix} a custom role that may pull from account ${accountId}`,
      })
}

function open(code: string, reason: string): HopAnswer {
  return undecided(code, reason, [reason])
}
