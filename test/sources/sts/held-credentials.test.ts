import { describe, expect, it } from 'vitest'
import { holdCredentials } from '../../../shared/sources/sts/held-credentials.ts'

const minutes = 60_000

/** A maker of credentials that last an hour, or as told; they are numbered. */
function world(lasts = 60 * minutes) {
  const now = Date.parse('2026-03-01T12:00:00Z')
  const clock: { now: number; made: number; lasts: number | undefined; failure?: Error | undefined } = {
    now,
    made: 0,
    lasts,
  }
  const make = async () => {
    clock.made++
    if (clock.failure) throw clock.failure
    const expiration = clock.lasts === undefined ? {} : { expiration: new Date(clock.now + clock.lasts) }
    return { accessKeyId: `key-${clock.made}`, secretAccessKey: 'secret', ...expiration }
  }
  const { credentials, renew } = holdCredentials(make, () => clock.now)
  return { clock, renew, key: async () => (await credentials()).accessKeyId }
}

describe('B6 credentials', () => {
  it('are made anew five minutes before they expire, not earlier', async () => {
    const { clock, key } = world()
    expect(await key()).toBe('key-1')
    clock.now += 55 * minutes - 1
    expect(await key()).toBe('key-1')
    clock.now += 1
    expect(await key()).toBe('key-2')
    clock.now += 55 * minutes - 1
    expect(await key()).toBe('key-2')
  })

  it('without an expiry are made once', async () => {
    const { clock, key } = world()
    clock.lasts = undefined
    await key()
    clock.now += 10_000 * minutes
    expect(await key()).toBe('key-1')
  })

  it('are made by one request for all who ask at the same time', async () => {
    const { clock, key } = world()
    expect(new Set(await Promise.all(Array.from({ length: 50 }, key)))).toEqual(new Set(['key-1']))
    expect(clock.made).toBe(1)
  })

  it('are made anew after renewal, once for all who found them expired', async () => {
    const { clock, key, renew } = world()
    await key()
    const again = Array.from({ length: 20 }, () => {
      renew()
      return key()
    })
    expect(new Set(await Promise.all(again))).toEqual(new Set(['key-2']))
    expect(clock.made).toBe(2)
  })

  it('that nobody has used are not thrown away by a renewal', async () => {
    const { clock, renew } = world()
    renew()
    expect(clock.made).toBe(0)
  })

  it('that are left are used when the refresh fails, until they expire', async () => {
    const { clock, key } = world()
    await key()
    clock.failure = new Error('refused')
    clock.now += 56 * minutes
    expect(await key()).toBe('key-1')
    clock.now += 4 * minutes - 1
    expect(await key()).toBe('key-1')
    clock.now += 1
    await expect(key()).rejects.toThrow('refused')
  })

  it('that the service called expired are not used when the refresh fails', async () => {
    const { clock, key, renew } = world()
    await key()
    clock.failure = new Error('refused')
    clock.now += 56 * minutes
    const refreshed = key()
    renew()
    await expect(refreshed).rejects.toThrow('refused')
  })

  it('are asked for every half minute at most while the refresh fails', async () => {
    const { clock, key } = world()
    clock.failure = new Error('refused')
    for (let call = 0; call < 100; call++) await expect(key()).rejects.toThrow('refused')
    expect(clock.made).toBe(1)
    clock.now += 30_000
    clock.failure = undefined
    expect(await key()).toBe('key-2')
  })

  it('that last less than five minutes are used nevertheless, and asked for every half minute', async () => {
    const { clock, key } = world(2 * minutes)
    expect(await key()).toBe('key-1')
    clock.now += 29_999
    expect(await key()).toBe('key-1')
    clock.now += 1
    expect(await key()).toBe('key-2')
  })

  it('that expire within the half minute are made anew at once', async () => {
    const { clock, key } = world(10_000)
    await key()
    clock.now += 10_000
    expect(await key()).toBe('key-2')
  })
})
