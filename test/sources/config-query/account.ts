import { readFileSync } from 'node:fs'
import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { buildInventory } from '../../../shared/inventory/build.ts'
import type { Inventory } from '../../../shared/inventory/inventory.ts'
import { normalizeItem } from '../../../shared/inventory/normalize-item.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import { queryTypes } from '../../../shared/sources/config-query/expression.ts'
import type { ConfigReader } from '../../../shared/sources/config-query/reader.ts'
import { configQueryService, emptyConfig, type FakeConfig } from '../../support/fake-aws/config-query.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'

/** The items of the fixture, as a file of AWS Config holds them. */
export function fixtureItems(): JsonObject[] {
  const file = new URL('../../fixtures/config-query/items.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { configurationItems: JsonObject[] }).configurationItems
}

/** AWS Config of the fake's account, holding the items. */
export function fillConfig({ state }: FakeAws, items: readonly JsonObject[] = []): FakeConfig {
  const config = emptyConfig()
  config.items.push(...items)
  state.services.set('config', configQueryService(state, config))
  return config
}

/** A reader of the fake's account, with a real client that gives up at the first failure. */
export function readerOf(fake: FakeAws, callTimeout = 5_000): ConfigReader {
  const { accountId, region } = fake.state
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new ConfigServiceClient({ region, credentials, maxAttempts: 1, endpoint: fake.endpoint })
  return { accountId, region, readAt: '2026-03-01T12:00:00.000Z', callTimeout, client }
}

/** The inventory of raw items. */
export function inventoryOf(raws: readonly JsonObject[]): Inventory {
  const items = raws.map((raw) => {
    const normalized = normalizeItem(raw)
    if (!normalized.ok || normalized.deleted) throw new Error('not a live item')
    return normalized.item
  })
  return buildInventory({ items, types: queryTypes, assumeRecorded: false })
}

/** A small item of a type. */
export function plainItem(type: string, id: string, more: Partial<JsonObject> = {}): JsonObject {
  return {
    version: '1.3',
    accountId: '111122223333',
    configurationItemCaptureTime: '2026-02-01T00:00:00.000Z',
    configurationItemStatus: 'OK',
    arn: `arn:aws:test:eu-central-1:111122223333:${id}`,
    resourceType: type,
    resourceId: id,
    resourceName: id,
    awsRegion: 'eu-central-1',
    tags: {},
    relationships: [],
    configuration: { Name: id },
    supplementaryConfiguration: {},
    ...more,
  } as JsonObject
}
