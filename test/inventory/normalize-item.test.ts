import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'
import type { JsonObject, JsonValue } from '../../shared/model/json.ts'

const base: JsonObject = {
  awsAccountId: '111122223333',
  awsRegion: 'eu-west-1',
  resourceType: 'AWS::ECR::Repository',
  resourceId: 'app',
  resourceName: 'app',
  ARN: 'arn:aws:ecr:eu-west-1:111122223333:repository/app',
  configurationItemStatus: 'OK',
  configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
  configuration: { RepositoryName: 'app' },
  supplementaryConfiguration: {},
  tags: { team: 'a' },
}

const expected = {
  accountId: '111122223333',
  region: 'eu-west-1',
  resourceType: 'AWS::ECR::Repository',
  resourceId: 'app',
  resourceName: 'app',
  arn: 'arn:aws:ecr:eu-west-1:111122223333:repository/app',
  captureTime: '2026-01-01T00:00:00.000Z',
  status: 'OK',
  configuration: { RepositoryName: 'app' },
  supplementaryConfiguration: {},
  tags: new Map([['team', 'a']]),
}

/** The base item with some fields changed; undefined takes a field away. */
function raw(over: Record<string, JsonValue | undefined>): JsonObject {
  return JSON.parse(JSON.stringify({ ...base, ...over }))
}

function itemOf(over: Record<string, JsonValue | undefined>) {
  const result = normalizeItem(raw(over))
  if (!result.ok || result.deleted) throw new Error(JSON.stringify(result))
  return result.item
}

describe('normalizing a configuration item', () => {
  it('reads the spelling of files and rule events', () => {
    expect(normalizeItem(base)).toEqual({ ok: true, deleted: false, item: expected })
  })

  it('reads the spelling of the resource history, texts inside included', () => {
    const item = itemOf({
      awsAccountId: undefined,
      ARN: undefined,
      accountId: '111122223333',
      arn: 'arn:aws:ecr:eu-west-1:111122223333:repository/app',
      configuration: '{"RepositoryName":"app"}',
      supplementaryConfiguration: { a: '{"b":1}', flag: 'true', word: 'V2', digits: '000011112222', broken: '{' },
    })
    expect(item).toEqual({
      ...expected,
      supplementaryConfiguration: { a: { b: 1 }, flag: true, word: 'V2', digits: '000011112222', broken: '{' },
    })
  })

  it('tells an item that says nothing of tags from one without tags', () => {
    expect(itemOf({ tags: undefined })).toMatchObject({ tags: new Map(), saysNoTags: true })
    expect(itemOf({ tags: {} })).not.toHaveProperty('saysNoTags')
  })

  it('reads tags that are a list of either spelling', () => {
    const tags = [{ tag: 'team=a', key: 'team', value: 'a' }, { Key: 'x', Value: '' }, { key: 1 }, 'no']
    expect(itemOf({ tags }).tags).toEqual(
      new Map([
        ['team', 'a'],
        ['x', ''],
      ]),
    )
  })

  it('keeps a supplementary key named __proto__ as data', () => {
    const item = normalizeItem(
      JSON.parse(
        JSON.stringify(base).replace(
          '"supplementaryConfiguration":{}',
          '"supplementaryConfiguration":{"__proto__":"[1]"}',
        ),
      ),
    )
    if (!item.ok || item.deleted) throw new Error('expected an item')
    expect(Object.entries(item.item.supplementaryConfiguration)).toEqual([['__proto__', [1]]])
    expect(Object.getPrototypeOf(item.item.supplementaryConfiguration)).toBe(Object.prototype)
  })

  it('builds the ARN of a repository, in its partition, and of nothing else', () => {
    expect(itemOf({ ARN: undefined, awsRegion: 'cn-north-1' }).arn).toBe(
      'arn:aws-cn:ecr:cn-north-1:111122223333:repository/app',
    )
    expect(itemOf({ ARN: undefined, resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-1' }).arn).toBe('vpc-1')
  })

  it('puts IAM and Organizations into the global region whatever the item says', () => {
    expect(itemOf({ resourceType: 'AWS::IAM::Role', awsRegion: undefined }).region).toBe('global')
    expect(itemOf({ resourceType: 'AWS::Organizations::Account' }).region).toBe('global')
  })

  it('reads a time without a zone as UTC', () => {
    expect(itemOf({ configurationItemCaptureTime: '2026-01-01T10:00:00' }).captureTime).toBe('2026-01-01T10:00:00.000Z')
    expect(itemOf({ configurationItemCaptureTime: '2026-01-01T10:00:00+02:00' }).captureTime).toBe(
      '2026-01-01T08:00:00.000Z',
    )
  })

  it.each([
    ['ResourceDeleted', false],
    ['ResourceDeletedNotRecorded', true],
    ['ResourceNotRecorded', true],
  ])('takes %s for the end of a resource', (configurationItemStatus, recordingStopped) => {
    expect(normalizeItem(raw({ configurationItemStatus, configuration: null }))).toEqual({
      ok: true,
      deleted: true,
      deletion: {
        accountId: '111122223333',
        region: 'eu-west-1',
        resourceType: 'AWS::ECR::Repository',
        resourceId: 'app',
        arn: 'arn:aws:ecr:eu-west-1:111122223333:repository/app',
        captureTime: '2026-01-01T00:00:00.000Z',
        recordingStopped,
      },
    })
  })

  const refused: readonly [field: string, over: Record<string, JsonValue | undefined>, reason: string][] = [
    ['a missing type', { resourceType: undefined }, 'resourceType: expected a type name such as AWS::ECR::Repository'],
    ['an empty id', { resourceId: '' }, 'resourceId: expected a non-empty string'],
    ['a short account', { awsAccountId: '123' }, 'awsAccountId: expected twelve digits'],
    [
      'a short account in the other spelling',
      { awsAccountId: undefined, accountId: '123' },
      'accountId: expected twelve digits',
    ],
    ['a missing region', { awsRegion: undefined }, 'awsRegion: expected a region name'],
    [
      'a strange time',
      { configurationItemCaptureTime: 'today' },
      'configurationItemCaptureTime: expected an ISO 8601 time',
    ],
    [
      'a strange status',
      { configurationItemStatus: 'Odd' },
      'configurationItemStatus: expected OK, ResourceDiscovered or one of the deleted statuses',
    ],
    [
      'a live item without configuration',
      { configuration: null },
      'configuration: expected an object, or JSON text of one',
    ],
    [
      'a configuration text that is cut',
      { configuration: '{"a":' },
      'configuration: expected an object, or JSON text of one',
    ],
    [
      'a supplementary list',
      { supplementaryConfiguration: [] },
      'supplementaryConfiguration: expected an object, or JSON text of one',
    ],
  ]
  it.each(refused)('refuses %s by field', (_, over, reason) => {
    expect(normalizeItem(raw(over))).toEqual({ ok: false, reason })
  })

  it('answers any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(base)), (value, key) => {
        expect(typeof normalizeItem(value as JsonValue).ok).toBe('boolean')
        expect(typeof normalizeItem({ ...base, [key]: value as JsonValue }).ok).toBe('boolean')
      }),
    )
  })
})
