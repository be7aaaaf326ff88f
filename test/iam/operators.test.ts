import { describe, expect, it } from 'vitest'
import type { ContextValue } from '../../shared/iam/conditions/context.ts'
import { readDate } from '../../shared/iam/conditions/date.ts'
import { evaluateCondition } from '../../shared/iam/conditions/evaluate-condition.ts'
import { formatAddress, parseBlock } from '../../shared/iam/conditions/ip-address.ts'

function judge(operator: string, wanted: string, actual: string, variables = true) {
  const value: ContextValue = { state: 'present', values: [actual] }
  const condition = { operator, key: 'aws:UserName', values: [wanted] }
  return evaluateCondition(condition, new Map([['aws:username', value]]), { variables })
}

describe('operators at the edges', () => {
  it.each([
    ['NumericEquals', '1', '1.0', 'true'],
    ['NumericEquals', '-0', '0', 'true'],
    ['NumericEquals', ' 7 ', '7', 'true'],
    ['NumericEquals', '1e3', '1000', 'unknown'],
    ['NumericEquals', '', '0', 'false'],
    ['NumericEquals', 'Infinity', 'Infinity', 'false'],
    ['NumericNotEquals', 'ten', '10', 'true'],
    ['NumericLessThan', '5', '5', 'false'],
    ['NumericLessThanEquals', '5', '5', 'true'],
    ['NumericGreaterThan', '5', '5', 'false'],
    ['NumericGreaterThanEquals', '5', '5', 'true'],
    ['NumericGreaterThanEquals', '5', '4', 'false'],
    ['NumericEquals', '1.25', '1.250', 'true'],
    ['NumericLessThan', '10', '9', 'true'],
    ['NumericGreaterThan', '-2', '-10', 'false'],
    ['NumericLessThan', '5', 'four', 'false'],
    ['DateEquals', '2024-01-01T00:00:00Z', '1704067200', 'true'],
    ['DateEquals', '2024-01-01T01:00:00+01:00', '2024-01-01T00:00:00Z', 'true'],
    ['DateEquals', '2024-01-01', '2024-01-01T00:00:00Z', 'true'],
    ['DateEquals', '2024-01-01T00:00', '2024-01-01T00:00:00.000Z', 'true'],
    ['DateLessThan', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 'false'],
    ['DateLessThanEquals', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 'true'],
    ['DateGreaterThan', '2024-01-01T00:00:00Z', '2024-01-01T00:00:01Z', 'true'],
    ['DateGreaterThan', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 'false'],
    ['DateGreaterThanEquals', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 'true'],
    ['DateGreaterThanEquals', '2024-01-01T00:00:00Z', '2023-12-31T23:59:59Z', 'false'],
    ['DateEquals', '2024-01-01T01:00:00+0100', '2024-01-01T00:00:00Z', 'true'],
    ['DateEquals', '1704067200.25', '2024-01-01T00:00:00.250Z', 'true'],
    ['DateEquals', 'January 1, 2024 00:00:00 GMT', '2024-01-01T00:00:00Z', 'false'],
    ['DateLessThan', 'yesterday', '2024-01-01T00:00:00Z', 'false'],
    ['DateGreaterThan', '2024-13-01T00:00:00Z', '2024-01-01T00:00:00Z', 'false'],
    ['DateNotEquals', 'yesterday', '2024-01-01T00:00:00Z', 'true'],
    ['BinaryEquals', 'QmFzZQ==', 'QmFzZQ==', 'true'],
    ['BinaryEquals', 'QmFzZQ==', 'qmfzzq==', 'false'],
    ['BinaryEquals', 'Qm*', 'QmFzZQ==', 'false'],
    ['ArnEquals', 'puller', 'puller', 'true'],
    ['ArnEquals', 'puller', 'pulle', 'false'],
    ['ArnNotEquals', 'puller', 'puller', 'false'],
    ['ArnLike', 'pull*', 'puller', 'unknown'],
    ['ArnLike', '*', 'puller', 'true'],
    ['ArnLike', 'arn:aws:iam::*:role/puller', 'puller', 'false'],
    ['ArnLike', 'arn:aws:iam::*:role/puller', 'arn:aws:iam::111122223333:role/puller', 'true'],
    ['ArnLike', 'arn:aws:iam::*:role/puller', 'arn:aws:iam::1:2:role/puller', 'false'],
    ['IpAddress', '192.0.2.0/x', '192.0.2.1', 'false'],
    ['IpAddress', '0.0.0.0/0', '::1', 'false'],
    ['IpAddress', '::/0', '192.0.2.1', 'false'],
    ['IpAddress', '10.1.0.0/16', '10.1.0.0/16', 'true'],
    ['IpAddress', '10.0.0.0/16', '10.0.0.0/8', 'unknown'],
    ['IpAddress', '10.0.0.0/16', '11.0.0.0/8', 'false'],
    ['IpAddress', '10.0.0.0/8', 'somewhere', 'false'],
    ['IpAddress', '2001:db8:0:0:0:0:0:1', '2001:db8::1', 'true'],
    ['IpAddress', '2001:db8::/32', '1:2:3:4:5:6:7', 'false'],
    ['IpAddress', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:0', 'false'],
    ['IpAddress', '1::2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8', 'false'],
    ['IpAddress', '::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8', 'true'],
    ['StringEquals', '', '', 'true'],
    ['SomeValue:StringEquals', 'a', 'a', 'unknown'],
    ['Null', 'false', 'there', 'true'],
    ['StringLike', `a\${*}b`, 'a*b', 'true'],
    ['StringLike', `a\${*}b`, 'axb', 'false'],
    ['StringLike', `a\${?}`, 'ax', 'false'],
    ['StringLike', `\${*}*`, '*anything', 'true'],
    ['StringEquals', `\${$}{x}`, `\${x}`, 'true'],
    ['StringEquals', `a\${*}`, 'a*', 'true'],
    ['StringEquals', `\${*`, `\${*`, 'true'],
  ])('%s %j against %j gives %s', (operator, wanted, actual, truth) => {
    expect(judge(operator, wanted, actual)).toBe(truth)
  })

  it(`a version without variables takes \${*} as written, its star as a wildcard`, () => {
    expect(judge('StringLike', `a\${*}b`, `a\${xyz}b`, false)).toBe('true')
    expect(judge('StringLike', `a\${*}b`, 'a*b', false)).toBe('false')
    expect(judge('StringEquals', `a\${*}b`, `a\${*}b`, false)).toBe('true')
  })
})

describe('several values of a policy', () => {
  const user: ContextValue = { state: 'present', values: ['ann'] }
  const truth = (operator: string, values: readonly string[], context: ReadonlyMap<string, ContextValue>) =>
    evaluateCondition({ operator, key: 'aws:PrincipalTag/team', values }, context, { variables: true })
  const team = (value: string, more: readonly (readonly [string, ContextValue])[] = []) =>
    new Map<string, ContextValue>([['aws:principaltag/team', { state: 'present', values: [value] }], ...more])

  it('are filled in one by one, whether they hold variables or not', () => {
    const wanted = [`\${aws:username}`, 'ops']
    const context = (value: string) => team(value, [['aws:username', user]])
    expect(['ann', 'ops', 'bob'].map((value) => truth('StringEquals', wanted, context(value)))).toEqual([
      'true',
      'true',
      'false',
    ])
  })

  it('that match outweigh one with a variable nobody knows', () => {
    const wanted = [`\${aws:username}`, 'ops']
    expect(truth('StringEquals', wanted, team('ops'))).toBe('true')
    expect(truth('StringEquals', wanted, team('dev'))).toBe('unknown')
    expect(truth('StringNotEquals', wanted, team('ops'))).toBe('false')
  })

  it('of Null ask for either', () => {
    expect(truth('Null', ['true', 'false'], team('ops'))).toBe('true')
    expect(truth('Null', ['true'], team('ops'))).toBe('false')
  })
})

describe('a variable of a policy', () => {
  const truth = (wanted: string, actual: string) => {
    const values = new Map<string, ContextValue>([
      ['key', { state: 'present', values: [actual] }],
      ['aws:username', { state: 'present', values: ['ann'] }],
    ])
    const context = { get: (name: string): ContextValue => values.get(name) ?? { state: 'absent' } }
    return evaluateCondition({ operator: 'StringEquals', key: 'key', values: [wanted] }, context, { variables: true })
  }

  it.each([
    ['is named in any case, with space around it', `\${ AWS:UserName }`, 'ann', 'true'],
    ['stands between text', `a-\${aws:username}-z`, 'a-ann-z', 'true'],
    ['stands beside another one', `\${aws:username}\${aws:username}`, 'annann', 'true'],
    ['has a default in quotes', `\${aws:none, 'anyone'}`, 'anyone', 'true'],
    ['has an empty default', `\${aws:none, ''}`, '', 'true'],
    ['has a default it does not need', `\${aws:username, 'anyone'}`, 'ann', 'true'],
    ['has no default without a first quote', `\${aws:none, anyone'}`, 'anyone', 'false'],
    ['has no default without a first quote, which is not one of it', `\${aws:none, anyone'}`, 'nyone', 'false'],
    ['has no default without a last quote', `\${aws:none, 'anyone}`, 'anyon', 'false'],
    ['has no default of one quote', `\${aws:none, '}`, '', 'false'],
    ['has no default without a comma', `\${'anyone'}`, 'anyone', 'false'],
    ['has no value', `\${aws:none}`, '', 'false'],
  ])('%s', (_name, wanted, actual, expected) => {
    expect(truth(wanted, actual)).toBe(expected)
  })
})

describe('an address or a block of them', () => {
  it.each<[string, 4 | 6, bigint, number]>([
    ['192.0.2.77/24', 4, 0xc0000200n, 24],
    [' 192.0.2.1 ', 4, 0xc0000201n, 32],
    ['255.255.255.255/32', 4, 0xffffffffn, 32],
    ['0.0.0.0/0', 4, 0n, 0],
    ['::', 6, 0n, 128],
    ['::1/128', 6, 1n, 128],
    ['2001:DB8::ff/32', 6, 0x20010db8n << 96n, 32],
    ['2001:db8::1:2', 6, (0x20010db8n << 96n) + 0x10002n, 128],
    ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n, 128],
    ['1:2:3:4:5:6:7::', 6, 0x00010002000300040005000600070000n, 128],
    ['::2:3:4:5:6:7:8', 6, 0x00000002000300040005000600070008n, 128],
  ])('%j is read', (text, family, first, prefix) => {
    expect(parseBlock(text)).toEqual({ family, first, prefix })
  })

  it.each([
    ...['', 'x', '/8', '192.0.2', '192.0.2.1.5', '192.0.2.256', '192.0.2.0001', '192.0.2.x1', '192.0.2.1x', '192.0.2.'],
    ...['192.0.2.1/', '192.0.2.1/33', '192.0.2.1/-1', '192.0.2.1/24/1', '192.0.2.1/x24', '192.0.2.1/24x', '::/129'],
    ...['1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4::5:6:7:8', '1::2::3', ':::', '::g', '::12345', '::g1', '::1g'],
  ])('%j is none', (text) => {
    expect(parseBlock(text)).toBeUndefined()
  })

  it('is spelled so that it can be read again', () => {
    expect(formatAddress(4, 0xc0000201n)).toBe('192.0.2.1')
    expect(formatAddress(6, parseBlock('2001:db8::ff:1')?.first ?? 0n)).toBe('2001:db8:0:0:0:0:ff:1')
  })
})

it.each([
  ['2024', Date.UTC(2024, 0)],
  ['2024-02', Date.UTC(2024, 1)],
  ['2024-02-03', Date.UTC(2024, 1, 3)],
  ['2024-02-03T04:05', Date.UTC(2024, 1, 3, 4, 5)],
  ['2024-02-03T04:05:06.789', Date.UTC(2024, 1, 3, 4, 5, 6, 789)],
  ['2024-02-03T04:05:06-07:00', Date.UTC(2024, 1, 3, 11, 5, 6)],
  ['2024-02-03T04:05+0700', Date.UTC(2024, 1, 2, 21, 5)],
  ['1704067200', Date.UTC(2024, 0)],
  ['12345', 12_345_000],
  ['1704067200.25', Date.UTC(2024, 0) + 250],
  ['x2024', Number.NaN],
  ['2024x', Number.NaN],
  ['2024-2', Number.NaN],
  ['2024-02-03T04', Number.NaN],
  ['2024-02-03 04:05', Number.NaN],
  ['2024-02-03T04:05:06.', Number.NaN],
  ['2024-02-03T04:05:06CET', Number.NaN],
  ['2024-02-03Z', Number.NaN],
  ['17040672.', Number.NaN],
  ['February 3, 2024', Number.NaN],
])('the time %j is %d', (text, time) => {
  expect(readDate(text)).toBe(time)
})
