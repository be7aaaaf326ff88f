const skewNames = new Set([
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
])

/** AWS refuses a signature that is five minutes off; less than four is no explanation of a refusal. */
const NOTICEABLE = 4 * 60_000

/** The time of the service as far as it is known: this machine's, corrected when a refused signature shows that it is wrong. */
export interface ServiceClock {
  /** Of a signature made now, `20260301T120000Z`. */
  stamp(): string
  /** True when the refusal is explained by the clock of this machine and the next stamp is right. */
  corrects(errorName: string, serviceDate: string | null): boolean
}

/** A clock that starts with this machine's time; `now`: milliseconds since 1970. */
export function serviceClock(now: () => number): ServiceClock {
  let offset = 0
  return {
    stamp: () => new Date(now() + offset).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    corrects(errorName, serviceDate) {
      const theirs = Date.parse(serviceDate ?? '')
      if (!skewNames.has(errorName) || Number.isNaN(theirs)) return false
      if (Math.abs(theirs - now() - offset) < NOTICEABLE) return false
      offset = theirs - now()
      return true
    },
  }
}
