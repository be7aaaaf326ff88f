import { partitionOf } from '../model/arn.ts'
import { isRegionName } from '../pull/region-name.ts'
import { checkOf, type DeployCheck, type DeployItem } from './check.ts'

/** Regions every account has. */
const alwaysOn: ReadonlySet<string> = new Set([
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1'],
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
  ...['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1', 'eusc-de-east-1'],
  ...['us-iso-east-1', 'us-iso-west-1', 'us-isob-east-1', 'us-isob-west-1', 'us-isof-east-1', 'us-isof-south-1'],
  'eu-isoe-west-1',
])

/** Regions an account has to enable. */
export const optInRegions: ReadonlySet<string> = new Set([
  ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
  ...['ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2', 'il-central-1'],
  ...['me-central-1', 'me-south-1', 'me-west-1', 'mx-central-1'],
])

/** Every region known here; there may be newer ones. */
export const knownRegions: ReadonlySet<string> = new Set([...alwaysOn, ...optInRegions])

/** Whether regions can be deployed to: they exist, stand there once, are enabled as a rule, and are of one partition. */
export function checkRegions(regions: readonly string[]): DeployCheck {
  const items = [...new Set(regions)].flatMap((region) => itemsOf(region, regions))
  const partitions = [...new Set(regions.filter(isRegionName).map(partitionOf))]
  if (partitions.length > 1) {
    const reason = `${partitions.join(' and ')}: an organization lies within one`
    return checkOf('regions', '', [...items, { name: 'partition', status: 'error', reason }])
  }
  const chinese: readonly DeployItem[] = partitions.includes('aws-cn')
    ? [
        {
          name: 'aws-cn',
          status: 'warning',
          reason:
            'aggregators cannot be queried across accounts, and delegated administration of stack sets is not documented there',
        },
      ]
    : []
  return checkOf('regions', `${regions.join(', ')} (${partitions.join()})`, [...items, ...chinese])
}

function itemsOf(region: string, all: readonly string[]): readonly DeployItem[] {
  const twice = all.filter((one) => one === region).length > 1
  return [
    stateOf(region),
    ...(twice ? [{ name: region, status: 'error' as const, reason: 'is named more than once' }] : []),
  ]
}

function stateOf(region: string): DeployItem {
  if (!isRegionName(region)) return { name: region, status: 'error', reason: 'is no name of a region' }
  if (optInRegions.has(region)) {
    const reason = 'has to be enabled in the management account and in every account deployed to'
    return { name: region, status: 'warning', reason }
  }
  if (!alwaysOn.has(region)) return { name: region, status: 'error', reason: 'is no region known to this version' }
  return { name: region, status: 'ok', reason: 'every account has it' }
}

/** Where roles are to be judged. */
export interface HomePlan {
  /** As it was typed. */
  readonly stated: string | undefined
  /** The parameter HomeRegion of the stack; empty when parameters are given and it is not among them, undefined without parameters. */
  readonly parameter: string | undefined
  readonly regions: readonly string[] | undefined
}

/** Whether the region that roles are judged in is one, is among those deployed to, and is the same everywhere. Undefined when nothing says anything. */
export function checkHomeRegion({ stated, parameter, regions }: HomePlan): DeployCheck | undefined {
  const home = stated ?? (parameter === '' ? undefined : parameter)
  if (home === undefined) return regions === undefined ? undefined : withoutHome(regions)
  const problems = [
    ...(stateOf(home).status === 'error' ? [`${home} ${stateOf(home).reason}`] : []),
    ...(regions?.includes(home) === false ? [`${home} is not among the regions: no role would be judged`] : []),
    ...(parameter && parameter !== home ? [`--home-region says ${home}, the parameter HomeRegion ${parameter}`] : []),
  ]
  if (problems.length > 0) return { ...base, status: 'error', reason: problems.join('; ') }
  if (parameter === '' && (regions?.length ?? 0) > 1) {
    const reason =
      'the parameters lack HomeRegion: a stack without it judges the roles of the account, in each of the regions'
    return { ...base, status: 'warning', reason }
  }
  return { ...base, status: 'ok', reason: `roles are judged in ${home}` }
}

const base = { id: 'home-region' } as const

function withoutHome(regions: readonly string[]): DeployCheck {
  if (regions.length < 2) return { ...base, status: 'ok', reason: 'there is one region: it judges roles' }
  const reason = 'not given: each of the regions would judge the roles of the account; give --home-region'
  return { ...base, status: 'error', reason }
}
