import { type AddressBlock, addressBits, containsBlock, formatAddress, parseBlock } from '../conditions/ip-address.ts'

const samplesPerBlock = 16n
/** Addresses of networks where anybody can rent a machine. */
const rentable = [
  '3.5.140.2',
  '52.95.110.1',
  '91.198.174.192',
  '8.8.8.8',
  '185.199.108.153',
  '2600:1f00::1',
  '2a05:d000::1',
]
const notPublic = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
  'fc00::/7',
  'fe80::/10',
].flatMap((text) => parseBlock(text) ?? [])

/** Public addresses to try: rentable ones outside the avoided blocks, and samples of the given blocks. */
export function publicAddresses(inside: readonly AddressBlock[], avoided: readonly AddressBlock[]): readonly string[] {
  return [...rentable, ...inside.flatMap(samples)].filter((text) => isPublic(text) && !within(text, avoided))
}

/** Public addresses of one block; none when the block is private. */
export function publicAddressesOf(block: AddressBlock): readonly string[] {
  return [...rentable.filter((text) => within(text, [block])), ...samples(block)].filter(isPublic)
}

/** Addresses an owner of a VPC may use: whatever the blocks hold, and one outside. */
export function privateAddresses(blocks: readonly AddressBlock[]): readonly string[] {
  return ['10.1.2.3', '192.168.77.7', ...blocks.flatMap(samples)]
}

/** True for a block none of whose addresses the internet carries. */
export function isPrivateBlock(block: AddressBlock): boolean {
  return notPublic.some((one) => containsBlock(one, block))
}

function samples(block: AddressBlock): readonly string[] {
  const size = 1n << BigInt(addressBits(block.family) - block.prefix)
  const step = size > samplesPerBlock ? size / samplesPerBlock : 1n
  const found: string[] = []
  for (let offset = 0n; offset < size; offset += step) found.push(formatAddress(block.family, block.first + offset))
  return [...found, formatAddress(block.family, block.first + size - 1n)]
}

function isPublic(text: string): boolean {
  return !within(text, notPublic)
}

function within(text: string, blocks: readonly AddressBlock[]): boolean {
  const address = parseBlock(text)
  return address !== undefined && blocks.some((block) => containsBlock(block, address))
}
