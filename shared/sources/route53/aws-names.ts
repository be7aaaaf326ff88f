/** Domains under which services of AWS answer, by partition and generation of names. */
const domains = [
  ...['amazonaws.com', 'api.aws', 'on.aws'],
  ...['amazonaws.com.cn', 'api.amazonwebservices.com.cn', 'on.amazonwebservices.com.cn'],
  ...['amazonaws.eu', 'api.amazonwebservices.eu', 'on.amazonwebservices.eu'],
  ...['c2s.ic.gov', 'sc2s.sgov.gov', 'cloud.adc-e.uk', 'csp.hci.ic.gov'],
]

/** True for a zone that lies under a domain of AWS, is one, or holds one: in a zone `com` names of AWS may stand too. */
export function holdsAwsNames(zoneName: string): boolean {
  const lower = zoneName.toLowerCase()
  const zone = lower.endsWith('.') ? lower.slice(0, -1) : lower
  return zone === '' || domains.some((domain) => isWithin(zone, domain) || isWithin(domain, zone))
}

function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`)
}
