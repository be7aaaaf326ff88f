import { crc32 } from 'node:zlib'

/** A ZIP file that holds one file as it is, uncompressed. */
export function zipOf(name: string, text: string): Buffer {
  const content = Buffer.from(text)
  const named = Buffer.from(name)
  // Version, flags, method 0, time, date, checksum, both sizes, length of the name, of the extra field.
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt16LE(0x21, 8)
  facts.writeUInt32LE(crc32(content), 10)
  facts.writeUInt32LE(content.length, 14)
  facts.writeUInt32LE(content.length, 18)
  facts.writeUInt16LE(named.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, named, content])
  // Version made by; the facts; then comment, disk, attributes and offset, all zero.
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), facts, Buffer.alloc(14), named])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end])
}
