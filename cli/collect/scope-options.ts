import { type Command, InvalidArgumentError } from 'commander'
import { isAccountId } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { EstateChoice } from '../../shared/sources/estate/reader.ts'
import { roleArnOf } from '../../shared/sources/sts/role-arn.ts'
import type { CollectPlan } from './collect-plan.ts'

/** Name of the role in the accounts of an organization, unless another is named. */
export const defaultRoleName = 'pullpath-reader'

/** Options that say what to read live. */
export interface ScopeOptions {
  readonly profile?: string
  readonly region: readonly string[]
  readonly allRegions?: boolean
  readonly organization?: boolean
  readonly roleName?: string
  readonly externalId?: string
  readonly accounts?: readonly string[]
  readonly ou?: readonly string[]
  readonly aggregator?: string
  readonly images?: boolean
  /** False for `--no-config`. */
  readonly config: boolean
  /** Minutes. */
  readonly timeout?: number
}

/** Adds the options to a command; `--region` is the command's own where it has one. */
export function withScopeOptions(command: Command): Command {
  if (!command.options.some(({ long }) => long === '--region')) {
    command.option(
      '--region <region>',
      'read this region (repeatable); default: that of the environment or profile',
      several,
      [],
    )
  }
  return command
    .option('--profile <name>', 'profile of the AWS configuration to start from')
    .option('--all-regions', 'read every region that an account has enabled')
    .option('--organization', 'read all accounts of the organization')
    .option('--role-name <name>', `role to enter accounts with (default: ${defaultRoleName})`)
    .option('--external-id <id>', 'external id the role asks for')
    .option('--accounts <ids>', 'of the organization only these accounts (comma-separated)', accountIds)
    .option('--ou <ids>', 'of the organization only what is below these units (comma-separated)', unitIds)
    .option('--aggregator <name>', 'read through this AWS Config aggregator')
    .option('--images', 'read the images of every repository')
    .option('--no-config', 'do not ask AWS Config')
    .option('--timeout <minutes>', 'stop after this time and keep what was read', minutes)
}

/** Collects the values of an option that may be given several times. */
export function several(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value]
}

function accountIds(value: string): readonly string[] {
  const ids = value.split(',')
  if (!ids.every(isAccountId)) throw new InvalidArgumentError('expected 12-digit account ids, separated by commas.')
  return ids
}

function unitIds(value: string): readonly string[] {
  const ids = value.split(',')
  const isUnit = (id: string) => /^(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/.test(id)
  if (!ids.every(isUnit)) throw new InvalidArgumentError('expected ids like ou-ab12-cdefgh34, separated by commas.')
  return ids
}

function minutes(value: string): number {
  const number = Number(value)
  if (!(number > 0 && number <= 10_000)) throw new InvalidArgumentError('expected minutes, a number above 0.')
  return number
}

/**
 * What the options ask for. `configured` is the region of the environment or profile, `wanted` what the question asks by itself.
 * @throws InputError for options that do not go together, and when no region is named anywhere
 */
export function planOf(
  options: ScopeOptions,
  configured: string | undefined,
  wanted: Pick<EstateChoice, 'types' | 'tags'>,
): CollectPlan {
  refuseBesideAggregator(options)
  const choice: EstateChoice = {
    ...wanted,
    images: options.images === true,
    config: options.config,
  }
  const aggregator = options.aggregator === undefined ? {} : { aggregator: options.aggregator }
  return { scope: scopeOf(options), regions: regionsOf(options, configured), choice, ...aggregator }
}

/** An aggregator is asked in one place and hands over what AWS Config recorded: whatever asks for more would go unheeded. */
function refuseBesideAggregator({ aggregator, roleName, externalId, images, config }: ScopeOptions): void {
  if (aggregator === undefined) return
  if (roleName !== undefined) throw new InputError('--role-name: no account is entered with --aggregator')
  if (externalId !== undefined) throw new InputError('--external-id: no account is entered with --aggregator')
  if (images === true) throw new InputError('--images: AWS Config records no images; leave out --aggregator')
  if (!config) throw new InputError('--no-config and --aggregator: name one of them')
}

function scopeOf(options: ScopeOptions): CollectPlan['scope'] {
  const { accounts, ou, externalId, roleName, organization } = options
  if (organization !== true) {
    const given = { '--role-name': roleName, '--external-id': externalId, '--accounts': accounts, '--ou': ou }
    const [stray] = Object.entries(given).filter(([, value]) => value !== undefined)
    if (stray !== undefined) throw new InputError(`${stray[0]}: needs --organization`)
    return { kind: 'account' }
  }
  if (accounts !== undefined && ou !== undefined) throw new InputError('--accounts and --ou: name one of them')
  const role = roleName ?? defaultRoleName
  if (roleArnOf('aws', '111122223333', role) === undefined)
    throw new InputError(`--role-name: ${role}: is not the name of a role`)
  return {
    ...{ kind: 'organization', roleName: role },
    ...(externalId === undefined ? {} : { externalId }),
    ...(accounts === undefined ? {} : { accounts }),
    ...(ou === undefined ? {} : { ous: ou }),
  }
}

function regionsOf({ region, allRegions }: ScopeOptions, configured: string | undefined): CollectPlan['regions'] {
  if (allRegions === true && region.length > 0) throw new InputError('--region and --all-regions: name one of them')
  if (allRegions === true) return { kind: 'all' }
  const names = region.length > 0 ? [...new Set(region)] : configured === undefined ? [] : [configured]
  if (names.length === 0) {
    throw new InputError(
      'no region: name one with --region, or --all-regions; neither AWS_REGION nor the profile has one',
    )
  }
  const wrong = names.find((name) => !/^[a-z]{2,}(?:-[a-z0-9]+)+-\d+$/.test(name))
  if (wrong !== undefined) throw new InputError(`--region: ${wrong}: is not the name of a region`)
  return { kind: 'named', names: names.sort() }
}
