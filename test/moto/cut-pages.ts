/** Pages that moto does not make: its whole answer is cut into pieces with tokens of our own. */

/** One page of a listing. */
interface Window {
  readonly from: number
  readonly to: number
}

interface JsonListing {
  readonly list: string
  readonly size: string
  readonly token: string
  /** With this in the request, single resources are asked for, which is never paged. */
  readonly named?: string
}

const paged = (list: string): JsonListing => ({ list, size: 'maxResults', token: 'nextToken' })
const organized = (list: string): JsonListing => ({ list, size: 'MaxResults', token: 'NextToken' })

const jsonListings = new Map<string, JsonListing>([
  ['ecr:DescribeRepositories', { ...paged('repositories'), named: 'repositoryNames' }],
  ['ecs:ListClusters', paged('clusterArns')],
  ['ecs:ListServices', paged('serviceArns')],
  ['ecs:ListTaskDefinitionFamilies', paged('families')],
  ['eks:ListClusters', paged('clusters')],
  ['eks:ListNodegroups', paged('nodegroups')],
  ['eks:ListFargateProfiles', paged('fargateProfileNames')],
  ['organizations:ListAccountsForParent', organized('Accounts')],
  ['organizations:ListOrganizationalUnitsForParent', organized('OrganizationalUnits')],
  ['organizations:ListPolicies', organized('Policies')],
  ['organizations:ListTargetsForPolicy', organized('Targets')],
])

/** How an answer is cut; `whole` are the parameters that must not reach moto, so that it answers in full. */
export interface Cut {
  readonly whole: readonly string[]
  /** `last`: no page follows. */
  readonly page: (text: string) => { readonly text: string; readonly last: boolean }
}

const iamListings = new Set(['GetAccountAuthorizationDetails', 'ListInstanceProfiles'])

/** How a page of the operation is cut out of moto's whole answer; undefined for what is not paged. */
// biome-ignore lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
export function cutOf(service: string, operation: string, body: any, pageSize: number): Cut | undefined {
  const listing = jsonListings.get(`${service}:${operation}`)
  if (listing !== undefined) {
    if (listing.named !== undefined && body[listing.named] !== undefined) return undefined
    const window = windowOf(body[listing.token], body[listing.size], pageSize)
    return { whole: [listing.size, listing.token], page: (text) => jsonPage(text, listing, window) }
  }
  // EC2 makes pages only for those who ask for them.
  if (service === 'ec2' && body.MaxResults !== undefined) {
    const window = windowOf(body.NextToken, body.MaxResults, pageSize)
    return { whole: ['MaxResults', 'NextToken'], page: (text) => xmlPage(text, ec2Pages, window) }
  }
  if (service === 'iam' && iamListings.has(operation)) {
    const window = windowOf(body.Marker, body.MaxItems, pageSize)
    return { whole: ['MaxItems', 'Marker'], page: (text) => xmlPage(text, iamPages, window) }
  }
  return undefined
}

function windowOf(token: unknown, asked: unknown, pageSize: number): Window {
  const [, from] = /^page-(\d+)$/.exec(String(token ?? 'page-0')) ?? []
  if (from === undefined) throw new Error(`a token nobody gave: ${token}`)
  return { from: Number(from), to: Number(from) + Math.min(Number(asked ?? pageSize), pageSize) }
}

function jsonPage(text: string, { list, token }: JsonListing, { from, to }: Window) {
  const answer = JSON.parse(text)
  const all = answer[list]
  if (!Array.isArray(all)) return { text, last: true }
  const last = to >= all.length
  const next = last ? {} : { [token]: `page-${to}` }
  return { text: JSON.stringify({ ...answer, [list]: all.slice(from, to), [token]: undefined, ...next }), last }
}

interface XmlPages {
  /** Elements above the lists. */
  readonly depth: number
  readonly member: string
  readonly next: (token: string) => string
  /** What the last page says. */
  readonly end: string
  /** What moto says about pages itself. */
  readonly own: RegExp
}

const ec2Pages: XmlPages = {
  depth: 1,
  member: 'item',
  next: (token) => `<nextToken>${token}</nextToken>`,
  end: '',
  own: /<nextToken>[^<]*<\/nextToken>|<nextToken\/>/g,
}
const iamPages: XmlPages = {
  depth: 2,
  member: 'member',
  next: (token) => `<IsTruncated>true</IsTruncated><Marker>${token}</Marker>`,
  end: '<IsTruncated>false</IsTruncated>',
  own: /<IsTruncated>[^<]*<\/IsTruncated>|<Marker>[^<]*<\/Marker>/g,
}

/** Keeps the members of the window in every list of the answer. */
function xmlPage(whole: string, { depth, member, next, end: lastWords, own }: XmlPages, { from, to }: Window) {
  const text = whole.replace(own, '')
  const kept: string[] = []
  let copied = 0
  let level = 0
  let start = 0
  let count = 0
  let last = true
  let end = text.length
  for (const tag of text.matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>/g)) {
    const [all, closing, name, empty] = tag
    if (closing === '/') {
      level--
      if (level === depth + 1 && name === member) {
        if (count < from || count >= to) {
          kept.push(text.slice(copied, start))
          copied = tag.index + all.length
        }
        if (count >= to) last = false
        count++
      }
      if (level === depth - 1) end = Math.min(end, tag.index)
    } else if (empty !== '/') {
      if (level === depth) count = 0
      if (level === depth + 1 && name === member) start = tag.index
      level++
    }
  }
  const head = kept.join('') + text.slice(copied, Math.max(copied, end))
  return { text: `${head}${last ? lastWords : next(`page-${to}`)}${text.slice(Math.max(copied, end))}`, last }
}
