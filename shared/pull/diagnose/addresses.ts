/**
 * Where an address lies. `foreign`: public by the book, but in a block whose holder is not AWS, so that nothing of AWS
 * answers there: networks that use such blocks as their own are common, and then it is an address of the VPC.
 */
export type AddressKind = 'private' | 'public' | 'foreign' | 'none'

/** First numbers of IPv4 blocks assigned as a whole to holders other than AWS: ministries of defence, IBM, Ford, Mercedes, Microsoft. */
const foreignBlocks: ReadonlySet<number> = new Set([6, 7, 9, 11, 19, 20, 21, 22, 25, 26, 28, 29, 30, 33, 53, 55])

/** The address that was called (`dial tcp 10.0.1.5:443`, `read tcp a->b`); undefined when none is named. */
export function calledAddress(text: string): string | undefined {
  const dialled = /\b(?:dial tcp[46]?|connect to|->) ?\[?([0-9a-f.:]{2,45})\]?:\d{1,5}\b/gi
  const found = [...text.matchAll(dialled)].map(([, address = '']) => address.toLowerCase())
  return found.findLast((address) => kindOfAddress(address) !== 'none')
}

/** The kind of an IPv4 or IPv6 address; `none` when the text is neither. */
export function kindOfAddress(address: string): AddressKind {
  if (address.includes(':')) return kindOfIpv6(address)
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return 'none'
  const [a = 0, b = 0] = parts.map(Number)
  const inside = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)
  // 100.64.0.0/10 and 198.18.0.0/15 are nobody's on the internet and usual as secondary ranges of a VPC.
  const shared = (a === 100 && b >= 64 && b <= 127) || (a === 198 && (b === 18 || b === 19))
  if (inside || shared) return 'private'
  return foreignBlocks.has(a) ? 'foreign' : 'public'
}

function kindOfIpv6(address: string): AddressKind {
  if (!/^[0-9a-f:]{2,39}$/.test(address) || address.split(':').length < 3) return 'none'
  if (/^f[cd]/.test(address)) return 'private'
  return 'public'
}
