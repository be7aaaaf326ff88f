import type { PullThroughCacheRule, Registry, RepositoryCreationTemplate } from '../../inventory/ecr.ts'
import { clip } from '../../model/quote.ts'
import { compliant, type MissingFact, noncompliant, undetermined } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'

/** What one of the two questions about a cache rule found: a problem, a missing fact, or neither. */
type Answer = { readonly problem: string } | { readonly missing: MissingFact } | undefined

const registriesWithPassword = new Map([
  ['docker-hub', 'registry-1.docker.io'],
  ['github-container-registry', 'ghcr.io'],
  ['gitlab-container-registry', 'registry.gitlab.com'],
  ['azure-container-registry', '.azurecr.io'],
  ['chainguard', 'cgr.dev'],
])

const registriesWithoutPassword: ReadonlySet<string> = new Set(['public.ecr.aws', 'quay.io', 'registry.k8s.io'])

/** Repositories that a pull-through cache creates on the fly: who may reach them, and how they are filled. */
export const rule = defineRule({
  id: 'ecr-pull-through-cache-restricted',
  area: 'ecr',
  title: 'Repositories created by a pull-through cache are governed',
  severity: 'MEDIUM',
  why: 'A cache rule creates repositories when images are pulled; without a creation template they come without policy, encryption or lifecycle, and a private upstream without a credential cannot be read at all.',
  fix: 'Create a repository creation template for the prefix (or ROOT), applied for PULL_THROUGH_CACHE, with a repository policy; give private upstreams a credential.',
  notes: [
    'A template counts when its prefix is ROOT, the prefix of the cache rule or a parent of it; the longest prefix wins, as in ECR. Templates for narrower prefixes are not looked at.',
    'Docker Hub, GitHub, GitLab, Azure and Chainguard need a Secrets Manager credential; a private ECR registry of another account needs a role. Amazon ECR Public, Quay and registry.k8s.io need neither.',
    'AWS Config does not record the credential: from its files alone the verdict may be undetermined.',
  ],
  judges: 'AWS::ECR::PullThroughCacheRule',
  reads: ['AWS::ECR::RepositoryCreationTemplate'],
  triggers: {
    change: true,
    scheduled: true,
    calls: [
      ...['ecr:CreatePullThroughCacheRule', 'ecr:UpdatePullThroughCacheRule', 'ecr:CreateRepositoryCreationTemplate'],
      ...['ecr:UpdateRepositoryCreationTemplate', 'ecr:DeleteRepositoryCreationTemplate'],
    ],
  },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html',
  parameters: noParameters,
  evaluate: (cacheRule, { inventory }) => {
    const registry = inventory.registryOf(cacheRule.ref)
    const answers = [templateAnswer(cacheRule, registry), credentialAnswer(cacheRule)]
    const assumptions = assumptionsOf(registry.creationTemplates)
    const problems = answers.flatMap((answer) => (answer && 'problem' in answer ? [answer.problem] : []))
    if (problems.length > 0) {
      const source = `pull-through cache rule ${clip(cacheRule.prefix)}`
      return noncompliant(problems.map(capitalised).join(' '), {
        assumptions,
        evidence: problems.map((detail) => ({ source, detail })),
      })
    }
    const lacking = answers.flatMap((answer) => (answer && 'missing' in answer ? [answer.missing] : []))
    if (lacking.length > 0) return undetermined(lacking)
    return compliant('Created repositories get a policy from a template, and the upstream can be read.', {
      assumptions,
    })
  },
})

function templateAnswer({ prefix }: PullThroughCacheRule, { creationTemplates }: Registry): Answer {
  if (creationTemplates.state === 'unknown') {
    return { missing: missing('repository creation templates', creationTemplates) }
  }
  const template = templateFor(prefix, creationTemplates.state === 'known' ? creationTemplates.value : [])
  if (template === undefined) return { problem: `no creation template applies to repositories under ${clip(prefix)}.` }
  if (template.policy.state === 'unknown')
    return { missing: missing('policy of the creation template', template.policy) }
  return template.policy.state === 'known'
    ? undefined
    : { problem: `the creation template ${clip(template.prefix)} gives repositories no policy.` }
}

function templateFor(prefix: string, templates: readonly RepositoryCreationTemplate[]) {
  const reach = (template: RepositoryCreationTemplate) => (template.prefix === 'ROOT' ? 0 : template.prefix.length)
  return templates
    .filter((template) => template.appliedFor.includes('PULL_THROUGH_CACHE'))
    .filter((template) => template.prefix === 'ROOT' || withSlash(prefix).startsWith(withSlash(template.prefix)))
    .reduce<RepositoryCreationTemplate | undefined>(
      (longest, template) => (longest === undefined || reach(template) > reach(longest) ? template : longest),
      undefined,
    )
}

function credentialAnswer(cacheRule: PullThroughCacheRule): Answer {
  const host = hostOf(cacheRule.upstreamRegistryUrl)
  const upstreamAccount = accountOfPrivateRegistry(host)
  if (upstreamAccount !== undefined)
    return upstreamAccount === cacheRule.ref.accountId ? undefined : roleAnswer(cacheRule, host)
  if (registriesWithoutPassword.has(host)) return undefined
  if (!isHostWithPassword(host)) {
    // Not a host we know: the name of the upstream registry has to tell.
    const { upstreamRegistry } = cacheRule
    if (upstreamRegistry.state === 'unknown')
      return { missing: missing(`kind of upstream ${clip(host)}`, upstreamRegistry) }
    if (upstreamRegistry.state === 'absent' || !registriesWithPassword.has(upstreamRegistry.value)) return undefined
  }
  if (cacheRule.credentialArn.state === 'unknown') {
    return { missing: missing(`credential for ${clip(host)}`, cacheRule.credentialArn) }
  }
  return cacheRule.credentialArn.state === 'known'
    ? undefined
    : { problem: `the private upstream ${clip(host)} has no credential.` }
}

function roleAnswer(cacheRule: PullThroughCacheRule, host: string): Answer {
  if (cacheRule.customRoleArn.state === 'unknown') {
    return { missing: missing(`role for ${clip(host)}`, cacheRule.customRoleArn) }
  }
  return cacheRule.customRoleArn.state === 'known'
    ? undefined
    : { problem: `the private upstream ${clip(host)} of another account has no role to read it with.` }
}

function isHostWithPassword(host: string): boolean {
  return [...registriesWithPassword.values()].some(
    (known) => host === known || (known.startsWith('.') && host.endsWith(known)),
  )
}

function hostOf(url: string): string {
  const withoutScheme = url.startsWith('https://') ? url.slice('https://'.length) : url
  return (withoutScheme.split('/', 1)[0] ?? '').toLowerCase()
}

function accountOfPrivateRegistry(host: string): string | undefined {
  const [accountId, service, product] = host.split('.', 3)
  return service === 'dkr' && product === 'ecr' ? accountId : undefined
}

function withSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
