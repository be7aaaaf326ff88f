/** True for `10.0.0.0/16`: four numbers up to 255 and a prefix length up to 32. */
export function isIpv4Cidr(text: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)
  if (match === null) return false
  const [, a, b, c, d, length] = match
  return [a, b, c, d].every((part) => Number(part) <= 255) && Number(length) <= 32
}

/** True for `2001:db8::/56`: eight groups of hex digits, one run of zeros left out at most, and a prefix length up to 128. */
export function isIpv6Cidr(text: string): boolean {
  const match = /^([0-9a-f:]{2,39})\/(\d{1,3})$/i.exec(text)
  if (match === null) return false
  const [, address = '', length] = match
  const halves = address.split('::')
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const complete = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8
  return complete && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && Number(length) <= 128
}

/** True for a CIDR of either family. */
export function isCidr(text: string): boolean {
  return isIpv4Cidr(text) || isIpv6Cidr(text)
}
