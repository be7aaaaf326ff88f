import { isAccountId } from '../../model/arn.ts'
import { parseImageReference } from '../image-reference.ts'
import { isRegionName } from '../region-name.ts'
import { decidingHost, hostsIn, isExactHost, kindOfHost } from './message-hosts.ts'

/** Names of what commands are filled with. */
export const factNames = [
  'account',
  'region',
  'repository',
  'registry',
  'imageId',
  'image',
  'role',
  'roleAccount',
  'host',
] as const
/** One of `factNames`. */
export type FactName = (typeof factNames)[number]
/** Validated ids of a message: letters, digits and `._/:@+=,-`, never beginning with a dash. */
export type Facts = ReadonlyMap<FactName, string>

/** What is safe in a shell without quotes and is no option. */
const plain = /^[A-Za-z0-9_][A-Za-z0-9._/:@+=,-]{0,511}$/
const words = /[A-Za-z0-9][A-Za-z0-9._/:@-]{3,1023}/g

/** Reads ids out of a message: image, registry, role, region, host. */
export function factsOf(text: string): Facts {
  const facts = new Map<FactName, string>()
  const learn = (name: FactName, value: string | undefined) => {
    if (value !== undefined && plain.test(value) && !facts.has(name)) facts.set(name, value)
  }
  for (const [word] of text.matchAll(words)) learnImage(word, learn)
  learnArns(text, learn)
  learnRepository(text, learn)
  const { host } = decidingHost(text)
  if (host !== undefined && isExactHost(host)) learn('host', host)
  for (const name of hostsIn(text)) learn('region', regionOfHost(name))
  return facts
}

/** Facts of a message; what it does not tell, the whole text may, if it tells but one thing. */
export function withFallback(own: Facts, others: readonly Facts[]): Facts {
  const merged = new Map(own)
  for (const name of factNames) {
    if (name === 'host' || merged.has(name)) continue
    const values = new Set(others.flatMap((facts) => facts.get(name) ?? []))
    const [only] = values
    if (only !== undefined && values.size === 1 && fits(name, merged)) merged.set(name, only)
  }
  return merged
}

/** A tag belongs to its repository and a repository to its registry: halves of two images are not put together. */
function fits(name: FactName, facts: Facts): boolean {
  return !(name === 'imageId' && facts.has('repository') && facts.has('image'))
}

type Learn = (name: FactName, value: string | undefined) => void

function learnImage(word: string, learn: Learn): void {
  const url = /^https?:\/\/([^/]{4,253})\/v2\/(.{2,256}?)\/(manifests|blobs)\/(.{1,200})$/.exec(word)
  const joined =
    url?.[3] === 'manifests' ? `${url[1]}/${url[2]}${separator(url[4])}${url[4]}` : `${url?.[1]}/${url?.[2]}`
  const image = parseImageReference(trimmed(url === null ? word.replace(/^https?:\/\//, '') : joined))
  if (image.kind !== 'ecrPrivate') return
  learn('account', image.accountId)
  learn('region', image.region)
  learn('registry', image.host)
  if (image.repository.startsWith('v2')) return
  learn('repository', image.repository)
  const version = image.digest === undefined ? `:${image.tag ?? 'latest'}` : `@${image.digest}`
  learn('image', `${image.host}/${image.repository}${version}`)
  learn('imageId', image.digest === undefined ? `imageTag=${image.tag ?? 'latest'}` : `imageDigest=${image.digest}`)
}

function separator(version: string | undefined): string {
  return version?.startsWith('sha256:') ? '@' : ':'
}

/** Without the punctuation of the sentence it stands in. */
function trimmed(word: string): string {
  const end = /[.,:;/@]{1,8}$/.exec(word)
  return end === null ? word : word.slice(0, end.index)
}

const arns = /arn:aws[a-z-]{0,8}:(ecr|iam|sts):([a-z0-9-]{0,32}):(\d{12}):([A-Za-z0-9._/@+=,-]{1,300})/g

function learnArns(text: string, learn: Learn): void {
  for (const [, service = '', region = '', account = '', resource = ''] of text.matchAll(arns)) {
    const [kind, ...path] = trimmed(resource).split('/')
    if (service === 'ecr' && kind === 'repository') {
      learn('account', account)
      learn('region', region)
      learn('repository', path.join('/'))
    }
    if ((service === 'sts' && kind === 'assumed-role') || (service === 'iam' && kind === 'role')) {
      learn('role', service === 'sts' ? path[0] : path.at(-1))
      learn('roleAccount', account)
    }
  }
}

/** `The repository with name 'x' does not exist in the registry with id '…'`. */
function learnRepository(text: string, learn: Learn): void {
  const named = /repository with name '([a-z0-9][a-z0-9._/-]{1,255})'/i.exec(text)?.[1]
  learn('repository', named)
  const id = /registry with id '(\d{12})'/i.exec(text)?.[1]
  if (id !== undefined && isAccountId(id)) learn('account', id)
}

/** The label of a host of ECR or of the layer bucket that is a region. */
function regionOfHost(host: string): string | undefined {
  if (kindOfHost(host) === 'none') return undefined
  const bucket = /^prod-([a-z0-9-]{5,32})-starport-layer-bucket/.exec(host)?.[1]
  return bucket !== undefined && isRegionName(bucket) ? bucket : host.split('.').find(isRegionName)
}
