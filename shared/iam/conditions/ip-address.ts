import { compared, type OperatorFamily, pair } from './family.ts'

/** A block of addresses: the first one as a number, and how many leading bits are fixed. */
export interface AddressBlock {
  readonly family: 4 | 6
  readonly first: bigint
  readonly prefix: number
}

/** Number of bits of an address of the family. */
export function addressBits(family: 4 | 6): number {
  return family === 4 ? 32 : 128
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a lone address; undefined when the text is neither. */
export function parseBlock(text: string): AddressBlock | undefined {
  const [address = '', mask, ...rest] = text.trim().split('/')
  const family = address.includes(':') ? 6 : 4
  const value = family === 4 ? parseV4(address) : parseV6(address)
  const bits = addressBits(family)
  const prefix = mask === undefined ? bits : /^\d{1,3}$/.test(mask) ? Number(mask) : -1
  if (value === undefined || rest.length > 0 || prefix < 0 || prefix > bits) return undefined
  const shift = BigInt(bits - prefix)
  return { family, first: (value >> shift) << shift, prefix }
}

/** True when the block holds the other block entirely. */
export function containsBlock(outer: AddressBlock, inner: AddressBlock): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false
  const shift = BigInt(addressBits(outer.family) - outer.prefix)
  return outer.first >> shift === inner.first >> shift
}

/** Spells an address of a family; the contrary of `parseBlock` for lone addresses. */
export function formatAddress(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  return Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 65535n).toString(16)).join(':')
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n)
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n)
}

/** IpAddress and NotIpAddress. A block in place of the address of the request stands for one address of it, which is not known. */
export const ipAddressOperators: OperatorFamily = new Map(
  pair(
    'ipaddress',
    'notipaddress',
    compared(
      parseBlock,
      ({ text }) => parseBlock(text),
      (block, address) => {
        if (block === undefined || address === undefined) return false
        return containsBlock(block, address) || (containsBlock(address, block) ? undefined : false)
      },
    ),
  ),
)
