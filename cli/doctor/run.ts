import { InputError } from '../../shared/model/errors.ts'
import { visibleJson } from '../../shared/model/json-escapes.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { doctorClients, regionInUse } from '../../shared/runtime/doctor-clients.ts'
import { ownCredentials, profileInUse } from '../../shared/runtime/own-credentials.ts'
import { isRegionName } from '../../shared/sources/config-query/expression.ts'
import { politeness } from '../../shared/sources/polite/process-politeness.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../standard-output.ts'
import { textWidth } from '../text-width.ts'
import type { Check, Examination } from './check.ts'
import { examine } from './examine.ts'
import { identify } from './identity.ts'
import { renderChecks } from './render-table.ts'
import { resultOf } from './result.ts'

/** What the command line says. */
export interface DoctorOptions {
  readonly profile?: string
  readonly region: readonly string[]
  readonly securityHub: boolean
  readonly format: 'table' | 'json'
  readonly color: boolean
}

/** Upper bounds of one request and of one call with all its attempts, milliseconds: somebody is waiting. */
const timeouts = { attemptTimeout: 5_000, callTimeout: 10_000 }

/**
 * Examines the account of the credentials, prints what was found, and sets the exit code.
 * @throws InputError without a region
 */
export async function doctor(options: DoctorOptions): Promise<void> {
  const profile = profileInUse(options.profile)
  const regions = options.region.length > 0 ? options.region : await defaultRegion(profile)
  const credentials = ownCredentials(profile)
  const [region = ''] = regions
  const now = new Date()
  const identity = await identify({ credentials, region, now: Date.now, ...(profile === undefined ? {} : { profile }) })
  const polite = politeness(timeouts)
  const endpoint = process.env.AWS_ENDPOINT_URL
  const examination = await examine({
    identity,
    regions,
    now,
    callTimeout: timeouts.callTimeout,
    rules: catalogue.filter(({ defaultEnabled }) => defaultEnabled),
    catalogue,
    securityHub: options.securityHub,
    connect: (session, name) => doctorClients(session, name, { politeness: polite, ...(endpoint ? { endpoint } : {}) }),
  })
  const output =
    options.format === 'json'
      ? `${visibleJson(resultOf(examination), 2)}\n`
      : renderChecks(examination, renderOptions(options.color))
  await print(output, exitCodeOf(examination))
}

async function defaultRegion(profile: string | undefined): Promise<readonly string[]> {
  const region = await regionInUse(profile)
  if (region === undefined)
    throw new InputError('--region: name a region; neither AWS_REGION nor the profile states one')
  if (!isRegionName(region))
    throw new InputError('AWS_REGION: expected the name of a region, in the environment or the profile')
  return [region]
}

/** Bad credentials are bad input; otherwise a failure outranks what could not be checked. */
function exitCodeOf({ checks }: Examination): number {
  const has = (status: Check['status']) => checks.some((check) => check.status === status)
  if (checks.some(({ id, status }) => id === 'credentials' && status === 'fail')) return exitCodes.usage
  if (has('fail')) return exitCodes.failed
  return has('unknown') ? exitCodes.uncertain : exitCodes.clean
}

function renderOptions(wanted: boolean): Parameters<typeof renderChecks>[1] {
  const { env, stdout } = process
  const color = stdout.isTTY && wanted && !env.NO_COLOR && env.TERM !== 'dumb'
  return { width: textWidth(process), color }
}
