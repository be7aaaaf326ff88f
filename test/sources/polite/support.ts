import { ECRClient } from '@aws-sdk/client-ecr'
import { polite } from '../../../shared/sources/polite/polite-client.ts'
import type { CallBudget, CallPlace, CallReport, Politeness } from '../../../shared/sources/polite/politeness.ts'
import type { Session } from '../../../shared/sources/sts/session.ts'

export const place: CallPlace = { accountId: '111122223333', region: 'eu-central-1', service: 'ecr' }

/** A budget that lets everything through and counts. */
export interface OpenBudget extends CallBudget {
  taken: number
  throttles: number
}

export function openBudget(): OpenBudget {
  const budget: OpenBudget = {
    taken: 0,
    throttles: 0,
    take: async () => {
      budget.taken += 1
    },
    throttled: () => {
      budget.throttles += 1
    },
  }
  return budget
}

/** Politeness on a clock that only waiting moves. */
export interface TestPoliteness extends Politeness {
  readonly budget: OpenBudget
  /** Milliseconds of every wait. */
  readonly waits: number[]
  readonly reports: CallReport[]
}

export function testPoliteness(options: Partial<Politeness> = {}): TestPoliteness {
  const waits: number[] = []
  const reports: CallReport[] = []
  let now = 0
  return {
    attemptTimeout: 5_000,
    callTimeout: 60_000,
    sleep: async (milliseconds) => {
      waits.push(milliseconds)
      now += milliseconds
    },
    random: () => 0.5,
    elapsed: () => now,
    onCall: (report) => reports.push(report),
    ...options,
    budget: openBudget(),
    waits,
    reports,
  }
}

/** A real client that makes one request per call, as behind `polite`. */
export function ecrClient(endpoint: string, more: object = {}): ECRClient {
  return new ECRClient({
    region: place.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint,
    maxAttempts: 1,
    ...more,
  })
}

export function politeEcr(endpoint: string, politeness: Politeness, session?: Pick<Session, 'renew'>) {
  return polite(place, () => ecrClient(endpoint), politeness, session)
}
