import type { AwsCredentialIdentity } from '@aws-sdk/types'

/** Credentials are made anew when they last no longer than this, milliseconds. */
const EARLY = 5 * 60_000
/** After an attempt to make credentials that gave none that last, the next one waits this long, milliseconds. */
const PAUSE = 30_000

/** Credentials that are kept until shortly before they expire. */
export interface HeldCredentials {
  /**
   * Credentials good for five minutes more. Those that are left when no better ones could be made are handed out until
   * they expire. @throws what the maker threw
   */
  credentials(): Promise<AwsCredentialIdentity>
  /** Forgets the credentials handed out so far. */
  renew(): void
}

/**
 * Holds what `make` makes. Callers at the same time share one request, and a maker that fails is left alone for half a
 * minute: the calls of a whole account must not become as many requests for credentials. `now` is milliseconds since 1970.
 */
export function holdCredentials(make: () => Promise<AwsCredentialIdentity>, now: () => number): HeldCredentials {
  let held: { readonly value: AwsCredentialIdentity; handedOut: boolean } | undefined
  let pending: Promise<AwsCredentialIdentity> | undefined
  let last: { readonly at: number; readonly failure?: { readonly error: unknown } } | undefined

  const leftFor = () =>
    held === undefined ? -1 : (held.value.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - now()
  const handOut = (value: AwsCredentialIdentity) => {
    if (held !== undefined) held.handedOut = true
    return value
  }
  const attempt = async () => {
    const at = now()
    try {
      const value = await make()
      held = { value, handedOut: false }
      last = { at }
      return value
    } catch (error) {
      last = { at, failure: { error } }
      if (held !== undefined && leftFor() > 0) return held.value
      throw error
    } finally {
      pending = undefined
    }
  }

  return {
    async credentials() {
      if (held !== undefined && leftFor() > EARLY) return handOut(held.value)
      if (pending === undefined && last !== undefined && now() - last.at < PAUSE) {
        if (held !== undefined && leftFor() > 0) return handOut(held.value)
        if (last.failure !== undefined) throw last.failure.error
      }
      pending ??= attempt()
      return handOut(await pending)
    },
    renew() {
      // Nobody has used these yet: what expired were those before them.
      if (held?.handedOut) held = undefined
    },
  }
}
