import { isJsonObject, type JsonObject, type JsonValue, own, ownObject, ownString } from '../../model/json.ts'
import type { ManifestObject } from './objects.ts'

/** Where each type of secret keeps its logins. */
const places: ReadonlyMap<string, { readonly key: string; readonly inside: string | undefined }> = new Map([
  ['kubernetes.io/dockerconfigjson', { key: '.dockerconfigjson', inside: 'auths' }],
  ['kubernetes.io/dockercfg', { key: '.dockercfg', inside: undefined }],
])

const mostHosts = 100
const longestText = 1024 * 1024

/**
 * The registry hosts a secret holds logins for; undefined when it is no secret of that kind or not readable (encrypted, a
 * placeholder). Only the names of hosts leave this function: no user, password or token.
 */
export function secretHosts({ kind, apiVersion, content }: ManifestObject): readonly string[] | undefined {
  const place = places.get(ownString(content, 'type') ?? '')
  if (kind !== 'Secret' || apiVersion !== 'v1' || place === undefined) return undefined
  const text = plainText(content, place.key)
  const config = text === undefined ? undefined : parsed(text)
  const logins = place.inside === undefined || config === undefined ? config : ownObject(config, place.inside)
  if (logins === undefined) return undefined
  const hosts = Object.keys(logins)
    .slice(0, mostHosts)
    .flatMap((key) => hostOf(key) ?? [])
  return [...new Set(hosts)]
}

function plainText(content: JsonObject, key: string): string | undefined {
  const stringData = ownObject(content, 'stringData')
  const data = ownObject(content, 'data')
  const plain = stringData && ownString(stringData, key)
  const encoded = data && ownString(data, key)
  if ((plain ?? encoded ?? '').length > longestText) return undefined
  return plain ?? (encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8'))
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue
    return isJsonObject(value) && own(value, 'sops') === undefined ? value : undefined
  } catch {
    return undefined
  }
}

/** `https://index.docker.io/v1/` names `index.docker.io`; `*` stands for a part of a host, and what does not look like a host is left out. */
function hostOf(key: string): string | undefined {
  const withoutScheme = key.slice(0, 512).replace(/^https?:\/\//i, '')
  const authority = withoutScheme.split('/', 1)[0] ?? ''
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  return /^[a-z0-9*](?:[a-z0-9.*-]*[a-z0-9*])?(?::\d{1,5})?$/.test(host) ? host : undefined
}
