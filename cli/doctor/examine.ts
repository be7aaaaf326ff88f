import type { Rule } from '../../shared/rules/define-rule.ts'
import { errorName } from '../../shared/sources/failure.ts'
import type { ProbeClients } from '../../shared/sources/probes/probe.ts'
import type { Session } from '../../shared/sources/sts/session.ts'
import { checkAgreement } from './agreement.ts'
import { type Check, type CheckId, checkIds, type Examination } from './check.ts'
import { checkConfigRules } from './config-rules.ts'
import type { Identity } from './identity.ts'
import { actionsToTry, checkPermissions } from './permissions.ts'
import type { Place } from './place.ts'
import { checkDeliveryChannel, checkRecorder } from './recorder.ts'
import { checkRegion } from './region.ts'
import { checkSecurityHub } from './security-hub.ts'

/** What is examined; everything about the process is handed in. */
export interface ExaminationPlan {
  readonly identity: Identity
  readonly regions: readonly string[]
  /** The rules whose types AWS Config has to record. */
  readonly rules: readonly Rule[]
  /** All rules there are: AWS Config may have any of them. */
  readonly catalogue: readonly Rule[]
  /** Security Hub has to be enabled. */
  readonly securityHub: boolean
  readonly connect: (session: Session, region: string) => ProbeClients
  readonly now: Date
  /** Upper bound of one call with all its attempts, milliseconds. */
  readonly callTimeout: number
}

/** Makes every check in every region. No check's failure stops another, and none throws. */
export async function examine(plan: ExaminationPlan): Promise<Examination> {
  const { identity, regions } = plan
  const { session } = identity
  if (session === undefined) {
    return {
      checks: [identity.check, ...regions.flatMap((region) => unasked(region, 'there are no credentials to ask with'))],
    }
  }
  const perRegion = await Promise.all(regions.map((region, index) => examineRegion(plan, session, region, index === 0)))
  const who = identity.isKnown ? { accountId: session.accountId, callerArn: session.callerArn } : {}
  return { ...who, checks: [identity.check, ...perRegion.flat()] }
}

async function examineRegion(
  plan: ExaminationPlan,
  session: Session,
  region: string,
  isFirst: boolean,
): Promise<readonly Check[]> {
  const { identity, now, callTimeout, rules } = plan
  const place: Place = {
    accountId: session.accountId,
    region,
    clients: plan.connect(session, region),
    now,
    callTimeout,
  }
  const ofRegion = await isolated('region', region, () => checkRegion(place, identity.isKnown))
  // Where the account has no region every answer would be the same refusal.
  if (ofRegion.status === 'fail') return [ofRegion, ...unasked(region, ofRegion.reason, 'region')]
  const checks: Readonly<Record<Exclude<CheckId, 'credentials' | 'region'>, () => Promise<Check>>> = {
    recorder: () => checkRecorder(place, rules),
    'delivery-channel': () => checkDeliveryChannel(place),
    'config-rules': () => checkConfigRules(place),
    'security-hub': () => checkSecurityHub(place, plan.securityHub),
    agreement: () => checkAgreement(place, plan.catalogue),
    permissions: () => (identity.isKnown ? checkPermissions(place, actionsToTry(isFirst)) : accountUnknown(region)),
  }
  const made = Object.entries(checks).map(([id, make]) => isolated(id as CheckId, region, make))
  return [ofRegion, ...(await Promise.all(made))]
}

/** A check that breaks is a check that could not be made. */
async function isolated(id: CheckId, region: string, make: () => Promise<Check>): Promise<Check> {
  try {
    return await make()
  } catch (error) {
    return { id, region, status: 'unknown', reason: `the check failed with ${errorName(error)}` }
  }
}

/** ARNs of another account would be refused whatever the permissions. */
function accountUnknown(region: string): Promise<Check> {
  const reason = 'not tried: whose account this is is not known'
  return Promise.resolve({ id: 'permissions', region, status: 'unknown', reason })
}

function unasked(region: string, reason: string, ...made: readonly CheckId[]): readonly Check[] {
  return checkIds
    .filter((id) => id !== 'credentials' && !made.includes(id))
    .map((id) => ({ id, region, status: 'unknown', reason: `not asked: ${reason}` }))
}
