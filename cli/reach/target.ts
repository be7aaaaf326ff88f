import { InputError } from '../../shared/model/errors.ts'
import { destinationOf, ecrApi, ecrDkr, s3Layers, service, suffixOf } from '../../shared/network/destinations.ts'
import type { Destination } from '../../shared/network/types.ts'

const label = /^(?:\*|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)$/

/**
 * What `--to` says, checked and in lower case: `ecr`, `s3` or a host name.
 * @throws InputError for anything else
 */
export function parseTo(text: string): string {
  const target = text.toLowerCase()
  if (target === 'ecr' || target === 's3') return target
  const labels = target.split('.')
  if (target.length > 253 || labels.length < 2 || !labels.every((part) => label.test(part)))
    throw new InputError(`--to: "${text}": expected ecr, s3 or a host name such as api.ecr.eu-central-1.amazonaws.com`)
  return target
}

/** The hosts that `--to` stands for, seen from a region. */
export function destinationsOf(target: string, region: string): readonly Destination[] {
  if (target === 'ecr') return [ecrApi(region), ecrDkr(region)]
  if (target === 's3') return [s3Layers(region)]
  return [hostDestination(target, region)]
}

function hostDestination(host: string, region: string): Destination {
  const known = destinationOf(host, region)
  return known.kind === 'host' ? (serviceAt(host) ?? known) : known
}

/** `<bucket>.s3.<region>.<suffix>` and `<service>.<region>.<suffix>`; global names stay what they are: hosts. */
function serviceAt(host: string): Destination | undefined {
  const [, name, region, suffix] = /^(?:.+\.)?([a-z0-9-]+)\.([a-z]+(?:-[a-z]+)+-[0-9]+)\.(.+)$/.exec(host) ?? []
  if (name === undefined || region === undefined || suffix !== suffixOf(region)) return undefined
  // Every bucket of a region lies behind the same addresses and endpoints as the one of the layers.
  if (name === 's3') return { ...s3Layers(region), host }
  return host.startsWith(`${name}.`) ? { ...service(name, region), host } : undefined
}
