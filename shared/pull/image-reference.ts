import { classifyHost, type EcrHostForm } from './registry-host.ts'

/**
 * An image as a container definition names it. `tag` and `digest` are as written; without both the engine pulls `latest`.
 * Hosts are in lower case. `invalid` names why no container engine or no ECR registry would take the text.
 */
export type ImageReference =
  | ({
      readonly kind: 'ecrPrivate'
      readonly accountId: string
      readonly region: string
      readonly partition: string
      readonly host: string
      readonly hostForm: EcrHostForm
      readonly repository: string
      /** `arn:<partition>:ecr:<region>:<account>:repository/<name>`. */
      readonly repositoryArn: string
    } & Version)
  | ({
      readonly kind: 'ecrPublic'
      readonly host: string
      readonly alias: string
      readonly repository: string
    } & Version)
  | ({
      readonly kind: 'other'
      /** With its port; `docker.io` for names without a host. */
      readonly host: string
      readonly repository: string
    } & Version)
  | { readonly kind: 'invalid'; readonly reason: string }

interface Version {
  readonly tag?: string
  /** `sha256:…`. */
  readonly digest?: string
}

/** Why such a reference is not read: it means the registry, and whether a client then takes it for one of ECR differs. */
export const namedWithHttpsPort = 'an ECR registry is named with port 443'

type Invalid = Extract<ImageReference, { kind: 'invalid' }>

/** Longest text that is looked into; host, name, tag and digest at their limits stay below. */
const longestText = 1024
const longestHost = 253
const longestName = 255
const ecrNameLengths = { shortest: 2, longest: 256 }
/** Hexadecimal digits of each digest algorithm that container engines take. */
const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
])
/** Openings of templates that nobody filled in, and how they end. */
const placeholders: readonly (readonly [open: string, close: string])[] = [
  ['${', '}'],
  ['#{', '}'],
  ['{{', '}}'],
  ['$(', ')'],
  ['<', '>'],
]

/** Reads an image reference in linear time; never throws. */
export function parseImageReference(text: string): ImageReference {
  const unreadable = refusal(text)
  if (unreadable !== undefined) return invalid(unreadable)
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const wrongDigest = digest === undefined ? undefined : digestProblem(digest)
  if (wrongDigest !== undefined) return invalid(wrongDigest)
  const { host, rest } = splitHost(at < 0 ? text : text.slice(0, at))
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1)
  const name = colon < 0 ? rest : rest.slice(0, colon)
  const tag = colon < 0 ? undefined : rest.slice(colon + 1)
  const problem = (host === undefined ? undefined : hostProblem(host)) ?? nameProblem(name) ?? tagProblem(tag)
  if (problem !== undefined) return invalid(problem)
  const version = { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
  return host === undefined ? shortName(name, version) : located(host, name, version)
}

function invalid(reason: string): Invalid {
  return { kind: 'invalid', reason }
}

/** What makes the text no reference at all, before it is taken apart. */
function refusal(text: string): string | undefined {
  if (text === '') return 'the image is empty'
  if (text.length > longestText) return `the image is longer than ${longestText} characters`
  // Templates may hold blanks; references may not.
  const strange = /[^\x20-\x7e]/u.exec(text)?.[0].codePointAt(0)
  if (strange !== undefined) return `the image holds the character U+${hex(strange)}`
  const placeholder = placeholderIn(text)
  if (placeholder !== undefined) return `the image holds the placeholder ${placeholder}`
  if (text.includes(' ')) return 'the image holds the character U+0020'
  if (text.includes('://')) return 'the image starts with a scheme'
  return /^arn:/i.test(text) ? 'the image is an ARN' : undefined
}

function hex(codePoint: number): string {
  return codePoint.toString(16).toUpperCase().padStart(4, '0')
}

/** The first placeholder; of an unclosed one, its opening. */
function placeholderIn(text: string): string | undefined {
  const found = placeholders
    .map(([open, close]) => ({ open, close, at: text.indexOf(open) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0]
  if (found === undefined) return /\$[A-Za-z_]\w*/.exec(text)?.[0].slice(0, 80)
  const end = text.indexOf(found.close, found.at + found.open.length)
  return end < 0 ? found.open : text.slice(found.at, Math.min(end + found.close.length, found.at + 80))
}

function digestProblem(digest: string): string | undefined {
  const [algorithm = '', value = ''] = digest.split(':', 2)
  const length = digestLengths.get(algorithm)
  if (length === undefined) return 'the digest has no algorithm that container engines take'
  const whole = digest.length === algorithm.length + 1 + length && value.length === length && /^[0-9a-f]+$/.test(value)
  return whole ? undefined : `the digest is not ${algorithm} with ${length} lower-case hexadecimal digits`
}

/** What stands before the first slash is a host when it could not be part of a name on Docker Hub. */
function splitHost(text: string): { readonly host: string | undefined; readonly rest: string } {
  const slash = text.indexOf('/')
  const first = slash < 0 ? '' : text.slice(0, slash)
  const isHost = /[.:A-Z]/.test(first) || first === 'localhost'
  if (slash === 0 || isHost) return { host: first.toLowerCase(), rest: text.slice(slash + 1) }
  return { host: undefined, rest: text }
}

function hostProblem(host: string): string | undefined {
  const ipv6 = /^\[[0-9a-f:]{2,45}\](?::(\d+))?$/.exec(host)
  const named = /^([a-z0-9.-]+)(?::(\d+))?$/.exec(host)
  const port = (ipv6 ?? named)?.[ipv6 === null ? 2 : 1]
  const labels = (named?.[1] ?? 'x').split('.')
  const wrong = labels.some((label) => label.length > 63 || !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label))
  if ((ipv6 ?? named) === null || wrong || host.length > longestHost) return 'the registry host is not a host name'
  const isPort = port === undefined || (port.length <= 5 && Number(port) >= 1 && Number(port) <= 65_535)
  return isPort ? undefined : 'the port of the registry host is not between 1 and 65535'
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'the image has no repository name'
  if (name.length > ecrNameLengths.longest)
    return `the repository name is longer than ${ecrNameLengths.longest} characters`
  if (/[A-Z]/.test(name)) return 'the repository name has upper-case letters'
  const wrong = name.split('/').some((part) => !/^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/.test(part))
  return wrong ? 'the repository name is not lower-case words joined by . _ - or /' : undefined
}

function tagProblem(tag: string | undefined): string | undefined {
  if (tag === undefined || /^\w[\w.-]{0,127}$/.test(tag)) return undefined
  return 'the tag is not 1 to 128 letters, digits, _ . or -'
}

function shortName(name: string, version: Version): ImageReference {
  if (/^[0-9a-f]{64}$/.test(name)) return invalid('the image is a bare image id')
  // Without a slash engines take even a registry's host for a name on Docker Hub; nobody means that.
  if (!name.includes('/') && classifyHost(name).kind !== 'other') return invalid('the image has no repository name')
  return onDockerHub(name, version)
}

function onDockerHub(name: string, version: Version): ImageReference {
  return other('docker.io', name.includes('/') ? name : `library/${name}`, version)
}

function other(host: string, repository: string, version: Version): ImageReference {
  if (repository.length > longestName) return invalid(`the repository name is longer than ${longestName} characters`)
  return { kind: 'other', host, repository, ...version }
}

function located(host: string, repository: string, version: Version): ImageReference {
  if (host === 'docker.io' || host === 'index.docker.io') return onDockerHub(repository, version)
  const name = host.replace(/:\d+$/, '')
  const registry = classifyHost(name)
  if (registry.kind === 'other') return other(host, repository, version)
  if (registry.kind === 'invalid') return registry
  if (name !== host)
    return invalid(host.endsWith(':443') ? namedWithHttpsPort : 'an ECR registry is named without a port')
  if (registry.kind === 'ecrPublic') return onEcrPublic(host, repository, version)
  if (repository.length < ecrNameLengths.shortest)
    return invalid('names of ECR repositories have two characters or more')
  const { region, partition, accountId } = registry
  const repositoryArn = `arn:${partition}:ecr:${region}:${accountId}:repository/${repository}`
  return { ...registry, host, repository, repositoryArn, ...version }
}

function onEcrPublic(host: string, path: string, version: Version): ImageReference {
  const slash = path.indexOf('/')
  if (slash < 0) return invalid('an image of the ECR public registry has an alias and a name')
  return { kind: 'ecrPublic', host, alias: path.slice(0, slash), repository: path.slice(slash + 1), ...version }
}
