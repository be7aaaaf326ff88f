import { isAccountId, partitionOf } from '../model/arn.ts'
import { isRegionName } from './region-name.ts'

/** The kinds of name a private registry has. */
export type EcrHostForm = 'standard' | 'fips' | 'dualStack' | 'dualStackFips'

/** A private registry of ECR as its host name says it. */
export interface EcrRegistry {
  readonly accountId: string
  readonly region: string
  readonly partition: string
  readonly hostForm: EcrHostForm
}

/** What a host name is: a registry of ECR, a name in AWS's own zones that ECR never gives, or somebody else's. */
export type RegistryHost =
  | ({ readonly kind: 'ecrPrivate' } & EcrRegistry)
  | { readonly kind: 'ecrPublic' }
  | { readonly kind: 'other' }
  | { readonly kind: 'invalid'; readonly reason: string }

interface Zone {
  /** With its leading dot. */
  readonly suffix: string
  readonly partitions: readonly string[]
  readonly names: 'classic' | 'dualStack'
}

/** DNS zones of AWS that hold ECR registries. Longer suffixes do not end in shorter ones. */
const zones: readonly Zone[] = [
  { suffix: '.amazonaws.com', partitions: ['aws', 'aws-us-gov'], names: 'classic' },
  { suffix: '.amazonaws.com.cn', partitions: ['aws-cn'], names: 'classic' },
  { suffix: '.amazonaws.eu', partitions: ['aws-eusc'], names: 'classic' },
  { suffix: '.c2s.ic.gov', partitions: ['aws-iso'], names: 'classic' },
  { suffix: '.sc2s.sgov.gov', partitions: ['aws-iso-b'], names: 'classic' },
  { suffix: '.cloud.adc-e.uk', partitions: ['aws-iso-e'], names: 'classic' },
  { suffix: '.csp.hci.ic.gov', partitions: ['aws-iso-f'], names: 'classic' },
  { suffix: '.on.aws', partitions: ['aws', 'aws-us-gov'], names: 'dualStack' },
  { suffix: '.on.amazonwebservices.com.cn', partitions: ['aws-cn'], names: 'dualStack' },
]

/** What stands between the account and the region. */
const services: readonly { readonly infix: string; readonly names: Zone['names']; readonly form: EcrHostForm }[] = [
  { infix: 'dkr.ecr', names: 'classic', form: 'standard' },
  { infix: 'dkr.ecr-fips', names: 'classic', form: 'fips' },
  { infix: 'dkr-ecr', names: 'dualStack', form: 'dualStack' },
  { infix: 'dkr-ecr-fips', names: 'dualStack', form: 'dualStackFips' },
]

/** The public registry and its dual-stack alias. */
const publicHosts: ReadonlySet<string> = new Set(['public.ecr.aws', 'ecr-public.aws.com'])

/**
 * Classifies a host name in lower case, without a port. A name that merely resembles one of ECR but lies in a zone of
 * somebody else is that somebody's (`other`); inside AWS's zones it must be exact, or it is invalid.
 */
export function classifyHost(host: string): RegistryHost {
  if (publicHosts.has(host)) return { kind: 'ecrPublic' }
  const zone = zones.find(({ suffix }) => host.endsWith(suffix))
  if (zone === undefined) return { kind: 'other' }
  const labels = host.slice(0, -zone.suffix.length).split('.')
  if (!labels.some((label) => label === 'dkr' || label.startsWith('dkr-ecr'))) return { kind: 'other' }
  return registryIn(zone, labels)
}

function registryIn(zone: Zone, labels: readonly string[]): RegistryHost {
  const [accountId = '', ...rest] = labels
  const region = rest.pop() ?? ''
  const service = services.find(({ infix, names }) => names === zone.names && infix === rest.join('.'))
  if (service === undefined) return refused(`names under ${zone.suffix.slice(1)} have another form`)
  if (!isAccountId(accountId)) return refused('the account id must be twelve digits')
  if (!isRegionName(region)) return refused('the region is not one')
  const partition = partitionOf(region)
  if (!zone.partitions.includes(partition)) return refused(`${region} is not a region of ${zone.suffix.slice(1)}`)
  return { kind: 'ecrPrivate', accountId, region, partition, hostForm: service.form }
}

function refused(why: string): RegistryHost {
  return { kind: 'invalid', reason: `the host resembles an ECR registry but is none: ${why}` }
}
