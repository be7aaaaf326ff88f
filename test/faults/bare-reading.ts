import { readGlobal } from '../../shared/sources/estate/read-global.ts'
import { readRegion } from '../../shared/sources/estate/read-region.ts'
import type { EstateChoice, EstateReader } from '../../shared/sources/estate/reader.ts'
import { bareReader } from '../support/fake-estate/clients.ts'
import type { FakeEstate } from '../support/fake-estate/fake-estate.ts'
import type { ScopeReading } from './audited.ts'

/** Clients are made once per estate and place: making them costs more than using them. */
const connected = new WeakMap<FakeEstate, Map<string, EstateReader>>()

/** Reads accounts of an estate with clients that give up at the first failure: what a reader says of every single fault. */
export async function readBarely(
  estate: FakeEstate,
  accountIds: readonly string[] = [...estate.accounts.keys()],
  chosen: Partial<EstateChoice> = {},
): Promise<readonly ScopeReading[]> {
  const choice = { images: false, config: false, ...chosen }
  const scopes = accountIds.flatMap((accountId) =>
    ['global', ...(estate.accounts.get(accountId)?.regions.keys() ?? [])].map((region) => ({ accountId, region })),
  )
  return Promise.all(
    scopes.map(async ({ accountId, region }) => {
      const reader = readerOf(estate, accountId, region)
      const reading = await (region === 'global' ? readGlobal(reader, choice) : readRegion(reader, choice))
      return { accountId, region, reading }
    }),
  )
}

/** A new reader each time, because what it finds out about AWS Config is remembered with it. */
function readerOf(estate: FakeEstate, accountId: string, region: string): EstateReader {
  const held = connected.get(estate) ?? new Map<string, EstateReader>()
  connected.set(estate, held)
  const key = `${accountId} ${region}`
  const reader = held.get(key) ?? bareReader(estate, accountId, region === 'global' ? 'us-east-1' : region)
  held.set(key, reader)
  return { ...reader, clients: { ...reader.clients } }
}
