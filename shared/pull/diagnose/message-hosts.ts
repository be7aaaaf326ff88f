import { classifyHost } from '../registry-host.ts'

/** Whom a message was talking to when it failed. */
export type HostKind = 'api' | 'registry' | 'layers' | 'public' | 'service' | 'upstream' | 'none'

/** A kind by what a host name holds; the first row that fits. */
const hostKinds: readonly { readonly kind: HostKind; readonly needles: readonly string[] }[] = [
  { kind: 'layers', needles: ['starport-layer-bucket'] },
  { kind: 'registry', needles: ['.dkr.ecr.', '.dkr.ecr-fips.', '.dkr-ecr.', '.dkr-ecr-fips.'] },
  { kind: 'api', needles: ['api.ecr.', 'api.ecr-fips.', 'ecr-fips.'] },
  { kind: 'public', needles: ['public.ecr.aws', 'ecr-public.', '.cloudfront.net'] },
  {
    kind: 'upstream',
    needles: ['docker.io', 'docker.com', 'quay.io', 'ghcr.io', 'registry.k8s.io', 'gcr.io', '.mcr.'],
  },
]
/** The image is named by its registry in nearly every message, so a registry says least. */
const byWeight: readonly HostKind[] = ['layers', 'api', 'service', 'registry', 'public', 'upstream']
const services =
  /^(?:sts|ssm|secretsmanager|logs|kms|ssmmessages)\.(?:[a-z0-9-]{1,32}\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)$/

/** What a host name is; `none` of hosts that have no part in a pull. */
export function kindOfHost(name: string): HostKind {
  const host = name.toLowerCase()
  if (/^(?:ecr|api\.ecr)\.[a-z0-9-]{1,32}\.(?:api\.aws|amazonaws\.com|api\.amazonwebservices\.com\.cn)/.test(host))
    return 'api'
  if (services.test(host)) return 'service'
  return hostKinds.find(({ needles }) => needles.some((needle) => `.${host}`.includes(needle)))?.kind ?? 'none'
}

/** The host names of a text, in order, in lower case. */
export function hostsIn(text: string): readonly string[] {
  return [...text.matchAll(/[A-Za-z0-9*_-][A-Za-z0-9*._-]{3,252}/g)]
    .map(([host]) => host.toLowerCase().replace(/\.+$/, ''))
    .filter((host) => host.includes('.') && /[a-z]/.test(host))
}

/** The host that decides: that of the layers wherever it is named, else the last one called or looked up, else the weightiest. */
export function decidingHost(text: string): { readonly host: string | undefined; readonly kind: HostKind } {
  const named = hostsIn(text).map((host) => ({ host, kind: kindOfHost(host) }))
  const layers = named.find(({ kind }) => kind === 'layers')
  if (layers !== undefined) return layers
  const called = [...text.matchAll(/(?:https?:\/\/|lookup )([^\s/:"']{4,253})/gi)].map(([, host = '']) =>
    host.toLowerCase(),
  )
  const last = called.map((host) => ({ host, kind: kindOfHost(host) })).findLast(({ kind }) => kind !== 'none')
  if (last !== undefined) return last
  const kind = byWeight.find((wanted) => named.some((one) => one.kind === wanted))
  if (kind === undefined) return { host: undefined, kind: looseKind(text) }
  return named.find((one) => one.kind === kind) ?? { host: undefined, kind }
}

/** Of hosts that are masked or cut (`….dkr.ecr.`, `https://api.ecr`) only a part stands there. */
function looseKind(text: string): HostKind {
  const lower = text.toLowerCase()
  if (lower.includes('api.ecr')) return 'api'
  return lower.includes('.dkr.ecr') || lower.includes('.dkr-ecr') ? 'registry' : 'none'
}

/** True when the name is exactly a registry, the API or the layer bucket, so that it may stand in a command. */
export function isExactHost(host: string): boolean {
  const labels = host.split('.')
  if (labels.length < 3 || !labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return false
  const kind = kindOfHost(host)
  return kind === 'registry' ? classifyHost(host).kind === 'ecrPrivate' : kind !== 'none'
}
