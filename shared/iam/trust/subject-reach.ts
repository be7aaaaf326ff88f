import type { SubjectReach } from './types.ts'

/** Stands where anything may stand: a letter no identity provider writes. */
export const mark = 'ꙮ'

/** A form of subjects: the first parts name whose it is, a platform-wide name first. */
interface SubjectForm {
  readonly prefix: string
  /** Splits what follows the prefix into platform-wide owner and the rest of the name; what follows is inside it. */
  readonly owner: RegExp
  readonly name: RegExp
}

const forms: readonly SubjectForm[] = [
  // GitHub: repo:OWNER/REPOSITORY:…
  { prefix: 'repo:', owner: /^[^/:]*/, name: /^[^:]*/ },
  // GitLab: project_path:GROUP/…/PROJECT:ref_type:…
  { prefix: 'project_path:', owner: /^[^/:]*/, name: /^[^:]*/ },
  // HCP Terraform: organization:NAME:project:NAME:workspace:NAME:run_phase:…; Buildkite: organization:NAME:pipeline:NAME:…
  { prefix: 'organization:', owner: /^[^:]*/, name: /^[^:]*(:project:[^:]*:workspace:[^:]*|:pipeline:[^:]*|[\s\S]*)/ },
  // CircleCI: org/ID/project/ID/user/ID
  { prefix: 'org/', owner: /^[^/]*/, name: /^[^/]*\/project\/[^/]*/ },
]
const serviceAccount = 'system:serviceaccount:'

/** How far a subject reaches in which marks stand for arbitrary text. */
export function reachOf(subject: string): SubjectReach {
  const first = subject.indexOf(mark)
  if (first < 0) return 'one'
  if (subject.startsWith(serviceAccount)) return reachInCluster(subject.slice(serviceAccount.length))
  const form = forms.find(({ prefix }) => subject.startsWith(prefix))
  if (form === undefined) return reachOfUnknown(subject, first)
  const rest = subject.slice(form.prefix.length)
  if (marked(form.owner, rest)) return 'issuer'
  return marked(form.name, rest) ? 'several' : 'one'
}

function marked(part: RegExp, text: string): boolean {
  return (part.exec(text)?.[0] ?? '').includes(mark)
}

/** A namespace is the unit: all namespaces and all names are the whole cluster. */
function reachInCluster(rest: string): SubjectReach {
  const [namespace = '', name = mark] = rest.split(':')
  if (!namespace.includes(mark)) return 'one'
  const isAny = (text: string): boolean => text.replaceAll(mark, '') === ''
  return isAny(namespace) && isAny(name) ? 'issuer' : 'several'
}

/** Bitbucket writes {repository}:{step}; of other forms nothing is known but that a leading wildcard fixes nobody. */
function reachOfUnknown(subject: string, first: number): SubjectReach {
  if (/^\{[0-9a-fA-F-]{36}\}:/.test(subject)) return 'one'
  return first === 0 ||
    [...forms.map(({ prefix }) => prefix), serviceAccount].some((prefix) => prefix.startsWith(subject.slice(0, first)))
    ? 'issuer'
    : 'several'
}
