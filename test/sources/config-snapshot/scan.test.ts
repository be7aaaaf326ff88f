import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  defaultScanLimits,
  type ItemHead,
  type ScanLimits,
  SnapshotScanner,
} from '../../../shared/sources/config-snapshot/scan.ts'

interface Scanned {
  readonly heads: ItemHead[]
  readonly texts: (string | undefined)[]
  readonly sections: string[]
}

function scan(chunks: readonly Buffer[], wants = (_: string) => true, limits: ScanLimits = defaultScanLimits): Scanned {
  const result: Scanned = { heads: [], texts: [], sections: [] }
  const scanner = new SnapshotScanner(
    {
      wants,
      item: (head, json) => {
        result.heads.push(head)
        result.texts.push(json)
      },
      section: (json) => result.sections.push(json),
    },
    limits,
  )
  for (const chunk of chunks) scanner.write(chunk)
  scanner.end()
  return result
}

function scanText(text: string, wants?: (type: string) => boolean): Scanned {
  return scan([Buffer.from(text)], wants)
}

/** Cuts the bytes at the places, given as fractions of the length. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => Math.floor(place * bytes.length)))].sort((a, b) => a - b)
  return [0, ...ends].map((start, i) => bytes.subarray(start, [...ends, bytes.length][i]))
}

describe('the snapshot scanner', () => {
  it('skips items of unwanted types and still says where they are from', () => {
    const text = `{"configurationItems":[
      {"configuration":{"resourceType":"inner"},"resourceType":"A","awsAccountId":"111122223333","awsRegion":"eu-west-1"},
      {"resourceType":"B","accountId":"444455556666","awsRegion":"us-east-1","x":[1,{"y":"]}"}]}]}`
    const { heads, texts } = scanText(text, (type) => type === 'B')
    expect(heads).toEqual([
      { index: 0, resourceType: 'A', accountId: '111122223333', region: 'eu-west-1' },
      { index: 1, resourceType: 'B', accountId: '444455556666', region: 'us-east-1' },
    ])
    expect(texts[0]).toBeUndefined()
    expect(JSON.parse(texts[1] ?? '')).toMatchObject({ resourceType: 'B', x: [1, { y: ']}' }] })
  })

  it('reads an escaped key as the key it spells', () => {
    const { heads } = scanText('{"configurationItems":[{"resource\\u0054ype":"AWS\\u003a:X"}]}')
    expect(heads[0]?.resourceType).toBe('AWS::X')
  })

  it('does not take the text of a field for a key', () => {
    const { heads } = scanText('{"configurationItems":[{"a":"resourceType","b":"X"}]}')
    expect(heads[0]?.resourceType).toBeUndefined()
  })

  it('finds the items when other keys surround them, with any white space and a byte order mark', () => {
    const text =
      '\uFEFF \n{ "a" : { "configurationItems": [ {} ] } ,\t"configurationItems" : [ ] , "pullpath" : { "v": 1 } , "n": -1.5e3 }\r\n'
    expect(scanText(text)).toEqual({ heads: [], texts: [], sections: ['{ "v": 1 }'] })
  })

  it('hands on elements that are no objects as they are', () => {
    expect(scanText('{"configurationItems":[null,"x",12,[1]]}').texts).toEqual(['null', '"x"', '12', '[1]'])
  })

  const refused: readonly [name: string, text: string, message: RegExp][] = [
    ['an empty file', '', /the file is empty/],
    ['white space only', ' \n', /not a JSON object/],
    ['words', 'hello', /not a JSON object; expected an AWS Config file/],
    ['a list', '[]', /not a JSON object/],
    ['an object without items', '{"fileVersion":"1.0"}', /configurationItems is missing/],
    ['items that are no list', '{"configurationItems":{}}', /configurationItems: expected a list/],
    ['items stated twice', '{"configurationItems":[],"configurationItems":[]}', /occurs twice/],
    ['a cut inside an item', '{"configurationItems":[{"a":"b', /truncated/],
    ['a cut after the items', '{"configurationItems":[]', /truncated/],
    ['a second document', '{"configurationItems":[]} {}', /something follows/],
    ['a comma too many between items', '{"configurationItems":[{},]}', /unexpected "\]"/],
    ['a comma too many between keys', '{"configurationItems":[],}', /unexpected "}"/],
    ['a missing comma', '{"configurationItems":[{} {}]}', /unexpected "\{"/],
    ['a missing colon', '{"configurationItems" []}', /unexpected "\["/],
    ['brackets of two kinds', '{"configurationItems":[{"a":[}]}', /configurationItems\[0\]: brackets do not match/],
    ['an unknown word', '{"configurationItems":[],"a":nope}', /a key or value cannot be read/],
    [
      'two types in one item',
      '{"configurationItems":[{"resourceType":"A","resourceType":"B"}]}',
      /names two resourceTypes/,
    ],
  ]
  it.each(refused)('refuses %s', (_, text, message) => {
    expect(() => scanText(text)).toThrow(message)
  })

  it('refuses nesting deeper and items larger than its limits', () => {
    const limits = { ...defaultScanLimits, depth: 3, itemBytes: 40 }
    expect(() => scan([Buffer.from('{"configurationItems":[{"a":[[1]]}]}')], undefined, limits)).not.toThrow()
    expect(() => scan([Buffer.from('{"configurationItems":[{"a":[[[1]]]}]}')], undefined, limits)).toThrow(
      /nest deeper than 3/,
    )
    const large = Buffer.from(`{"configurationItems":[{"a":"${'x'.repeat(40)}"}]}`)
    expect(() => scan([large], undefined, limits)).toThrow('configurationItems[0]: one value is larger than 40 bytes')
  })

  it('does not run out of stack on a million brackets', () => {
    const text = `{"configurationItems":[{"a":${'['.repeat(1_000_000)}`
    expect(() => scanText(text)).toThrow(/nest deeper than 256/)
  })

  const fieldName = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('resourceType', 'awsRegion', '__proto__', 'accountId', 'a"\\b'),
  )
  const item = fc.dictionary(fieldName, fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), { noNullPrototype: true })

  it('yields what JSON.parse yields, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 5 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.constantFrom(0, 2),
        (items, places, indent) => {
          const text = JSON.stringify({ x: [1], configurationItems: items, pullpath: { a: 1 } }, null, indent)
          const { heads, texts, sections } = scan(cut(Buffer.from(text), places))
          const expected = JSON.parse(text).configurationItems
          expect(texts.map((one) => JSON.parse(one ?? ''))).toEqual(expected)
          expect(sections.map((one) => JSON.parse(one))).toEqual([{ a: 1 }])
          for (const head of heads) {
            const type = expected[head.index].resourceType
            if (typeof type === 'string' && Object.hasOwn(expected[head.index], 'resourceType'))
              expect(head.resourceType).toBe(type)
            else expect(head.resourceType).toBeUndefined()
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('reads the same from single bytes, surrogate pairs included', () => {
    const text = '{"configurationItems":[{"resourceType":"A😀","k\\"":"\\\\","e":"é"}]}'
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.from([byte]))
    expect(scan(bytes)).toEqual(scanText(text))
    expect(scan(bytes).heads[0]?.resourceType).toBe('A😀')
  })

  it('never throws anything but a format error, whatever the bytes', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      '1',
      'null',
      ' ',
      '"configurationItems"',
      '"a":',
    )
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join('')
        try {
          scanText(text)
        } catch (error) {
          expect((error as Error).name).toBe('SnapshotFormatError')
        }
      }),
      { numRuns: 500 },
    )
  })
})
