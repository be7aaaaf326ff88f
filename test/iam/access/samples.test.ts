import { describe, expect, it } from 'vitest'
import { privateAddresses, publicAddresses, publicAddressesOf } from '../../../shared/iam/access/address-candidates.ts'
import { crossed, fill, textCandidates } from '../../../shared/iam/access/text-candidates.ts'
import { type AddressBlock, parseBlock } from '../../../shared/iam/conditions/ip-address.ts'

function block(text: string): AddressBlock {
  const parsed = parseBlock(text)
  if (parsed === undefined) throw new Error(text)
  return parsed
}

describe('addresses to try', () => {
  it('are all of a small block', () => {
    const last = Array.from({ length: 16 }, (_, index) => `203.0.113.${index}`)
    expect(publicAddressesOf(block('203.0.113.0/28'))).toEqual([...last, '203.0.113.15'])
    expect(publicAddressesOf(block('203.0.113.7/32'))).toEqual(['203.0.113.7', '203.0.113.7'])
  })
  it('are sixteen of a larger block, the last one and those anybody can rent in it', () => {
    const sixteen = Array.from({ length: 16 }, (_, index) => `52.95.110.${index * 16}`)
    expect(publicAddressesOf(block('52.95.110.0/24'))).toEqual(['52.95.110.1', ...sixteen, '52.95.110.255'])
  })
  it('are of the same family', () => {
    const found = publicAddressesOf(block('2a05:d000::/36'))
    expect(found.length).toBe(18)
    expect(found.slice(0, 3)).toEqual(['2a05:d000::1', '2a05:d000:0:0:0:0:0:0', '2a05:d000:100:0:0:0:0:0'])
    expect(found.at(-1)).toBe('2a05:d000:fff:ffff:ffff:ffff:ffff:ffff')
  })
  it('are none of a private block', () => {
    expect(publicAddressesOf(block('10.0.0.0/24'))).toEqual([])
  })
  it('anybody can rent lie outside the avoided blocks', () => {
    expect(publicAddresses([], [block('52.0.0.0/8'), block('2600:1f00::/32')])).toEqual([
      '3.5.140.2',
      '91.198.174.192',
      '8.8.8.8',
      '185.199.108.153',
      '2a05:d000::1',
    ])
    expect(publicAddresses([block('203.0.113.0/31')], [block('0.0.0.0/1'), block('::/0')])).toEqual([
      '185.199.108.153',
      '203.0.113.0',
      '203.0.113.1',
      '203.0.113.1',
    ])
  })
  it('of a private network are any, and one outside', () => {
    expect(privateAddresses([block('10.9.0.0/31'), block('203.0.113.9/32')])).toEqual([
      '10.1.2.3',
      '192.168.77.7',
      '10.9.0.0',
      '10.9.0.1',
      '10.9.0.1',
      '203.0.113.9',
      '203.0.113.9',
    ])
  })
})

describe('texts to try', () => {
  it('are a fresh one, those written, patterns filled in, what they have in common and neighbours', () => {
    expect(textCandidates(['a', 'b*', '*c', '7', '2026-06-01T00:00:00Z', 'x?'])).toEqual({
      texts: [
        'zz-fresh-zz',
        'a',
        'b*',
        '*c',
        '7',
        '2026-06-01T00:00:00Z',
        'x?',
        'b',
        'bzz-fresh-zz',
        'c',
        'zz-fresh-zzc',
        'xx',
        'bc',
        'xc',
        '6',
        '8',
        '2026-05-31T23:59:59.000Z',
        '2026-06-01T00:00:01.000Z',
      ],
      complete: true,
    })
  })
  it.each([
    ['-5', ['-6', '-4']],
    ['+5', ['4', '6']],
    ['123456789012345', ['123456789012344', '123456789012346']],
    ['v5', []],
    ['5v', []],
    ['not a date', []],
  ])('of %s have the neighbours %j', (value, neighbours) => {
    expect(textCandidates([value]).texts).toEqual(['zz-fresh-zz', value, ...neighbours])
  })
  it('are the same for the same values', () => {
    const values = ['a*', '*b']
    expect(textCandidates(values)).toBe(textCandidates(values))
  })
  it('are what one pattern of each list has in common', () => {
    expect(crossed(['a*', 'b*'], ['*z', 'b?'])).toEqual({ texts: ['az', 'bz', 'bx'], complete: true })
  })
  it('are not complete when there are more than 256 pairs', () => {
    const letters = Array.from({ length: 16 }, (_, index) => `${String.fromCharCode(97 + index)}*`)
    expect(crossed(letters, letters)).toEqual({ texts: letters.map((text) => text.slice(0, 1)), complete: true })
    const found = crossed([...letters, 'z*'], letters)
    expect([found.texts.length, found.complete]).toEqual([16, false])
  })
  it('are not complete when a pair is too long to compare', () => {
    const long = 'a'.repeat(160)
    expect(crossed([`${long}*`, 'b*'], [`*${long}`, '*c'])).toEqual({
      texts: [`${long}c`, `b${long}`, 'bc'],
      complete: false,
    })
  })
  it('are not complete when all pairs together are too long to compare', () => {
    const patterns = Array.from({ length: 12 }, (_, index) => `${String.fromCharCode(97 + index)}${'x'.repeat(40)}*`)
    const found = crossed(patterns, patterns)
    expect([found.texts.length, found.complete]).toEqual([9, false])
  })
  it('fill stars and characters in', () => {
    expect(fill('a*b?*', 'Z')).toBe('aZbxZ')
  })
})
