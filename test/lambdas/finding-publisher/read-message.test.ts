import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMessage } from '../../../lambdas/finding-publisher/read-message.ts'
import { InputError } from '../../../shared/model/errors.ts'
import { accountId, bodyOf, noon, region } from './scenario.ts'

const own = { accountId, region }
const read = (body: unknown) => readMessage(body, own, new Date(noon))
const changed = (changes: Record<string, unknown>) => JSON.stringify({ ...JSON.parse(bodyOf('a')), ...changes })

describe('readMessage', () => {
  it('takes a finding as our producers write it, unchanged', () => {
    const { id, updatedAt, finding } = read(bodyOf('a'))
    expect([id, updatedAt]).toEqual(['pullpath/a', Date.parse(noon)])
    expect(JSON.stringify(finding)).toBe(bodyOf('a'))
  })

  it.each<[string, unknown, string]>([
    ['SchemaVersion', '2018-10-09', 'SchemaVersion: expected 2018-10-08'],
    ['Id', 'other/a', 'Id: expected an id of Pullpath'],
    ['Id', 'pullpath/', 'Id: expected an id of Pullpath'],
    ['Id', 'pullpath/a\nb', 'Id: expected an id of Pullpath'],
    ['Id', `pullpath/${'a'.repeat(504)}`, 'Id: expected an id of Pullpath'],
    ['AwsAccountId', '999999999999', 'AwsAccountId: expected the account of this function'],
    ['Region', 'us-east-1', 'Region: expected the region of this function'],
    [
      'ProductArn',
      `arn:aws:securityhub:${region}:${accountId}:product/aws/config`,
      "ProductArn: expected the account's own default product",
    ],
    [
      'ProductArn',
      `arn:aws:securityhub:us-east-1:${accountId}:product/${accountId}/default`,
      "ProductArn: expected the account's own default product",
    ],
    ['UpdatedAt', '1', 'UpdatedAt: expected an ISO 8601 time'],
    ['UpdatedAt', '2026-13-01T00:00:00Z', 'UpdatedAt: expected an ISO 8601 time'],
    ['UpdatedAt', '2026-03-01T12:15:00.001Z', 'UpdatedAt: lies more than 15 minutes in the future'],
    ['CreatedAt', 5, 'CreatedAt: expected a time'],
    ['Title', 'a'.repeat(257), 'Title: expected at most 256 characters'],
    ['Title', ' ', 'Title: expected text'],
    ['Description', 'a'.repeat(1025), 'Description: expected at most 1024 characters'],
    ['GeneratorId', 'a'.repeat(513), 'GeneratorId: expected at most 512 characters'],
    ['Resources', [], 'Resources: expected a resource'],
    ['Resources', Array(33).fill({ Type: 'Other', Id: 'a' }), 'Resources: expected at most 32 resources'],
    ['Resources', [{ Type: 'Other' }], 'Resources.Id: expected text'],
    ['ProductFields', { a: 'b'.repeat(2049) }, 'ProductFields: expected at most 2048 characters'],
    ['Compliance', { Status: 'NOT_AVAILABLE' }, 'Compliance.Status: expected PASSED, WARNING or FAILED'],
    ['RecordState', 'GONE', 'RecordState: expected ACTIVE or ARCHIVED'],
    ['Workflow', { Status: 'NEW' }, 'Workflow: is for those who work with findings, not for those who send them'],
    ['Severity', { Label: 'LOW' }, 'Severity: is for those who work with findings, not for those who send them'],
    ['Note', null, 'Note: is for those who work with findings, not for those who send them'],
  ])('refuses %s %j', (field, value, message) => {
    expect(() => read(changed({ [field]: value }))).toThrow(new InputError(message))
  })

  it.each([
    'Id',
    'ProductArn',
    'GeneratorId',
    'AwsAccountId',
    'UpdatedAt',
    'CreatedAt',
    'Title',
    'Description',
    'Resources',
  ])('refuses a finding without %s', (field) => {
    expect(() => read(changed({ [field]: undefined }))).toThrow(`${field}: expected`)
  })

  it.each<[string, unknown, string]>([
    ['no text', 5, 'body: expected text'],
    ['no body', undefined, 'body: expected text'],
    ['no JSON', '{', 'body: expected JSON text'],
    ['no object', '[]', 'body: expected a JSON object'],
    ['null', 'null', 'body: expected a JSON object'],
    ['100,000 levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'body: expected at most 16 levels'],
    ['17 levels', `{"a":${'['.repeat(16)}${']'.repeat(16)}}`, 'body: expected at most 16 levels'],
    ['16 levels', `{"a":${'['.repeat(15)}${']'.repeat(15)}}`, 'SchemaVersion: expected 2018-10-08'],
  ])('refuses %s', (_name, body, message) => {
    expect(() => read(body)).toThrow(new InputError(message))
  })

  it('takes the last time that is not too far ahead, and texts at their limits', () => {
    const body = changed({
      UpdatedAt: '2026-03-01T12:15:00.000Z',
      Id: `pullpath/${'a'.repeat(503)}`,
      Title: 'a'.repeat(256),
      Description: 'a'.repeat(1024),
      GeneratorId: 'a'.repeat(512),
      ProductFields: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'v'.repeat(2048)])),
      Resources: Array(32).fill({ Type: 'Other', Id: 'a' }),
    })
    expect(read(body).id.length).toBe(512)
  })

  it('A1 ends with an error that names a field, or reads, whatever the message holds', () => {
    const base = JSON.parse(bodyOf('a'))
    const mutation = fc.tuple(fc.constantFrom(...Object.keys(base), '__proto__', 'constructor'), fc.jsonValue())
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 3 }), (changes) => {
        const entries = changes.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
        const body = `{${[JSON.stringify(base).slice(1, -1), ...entries].join(',')}}`
        try {
          expect(read(body).finding.AwsAccountId).toBe(accountId)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          expect((error as Error).message).toMatch(/^(body|[A-Z][\w.]*): [\x20-\x7e]+$/)
        }
      }),
      { numRuns: 500 },
    )
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
