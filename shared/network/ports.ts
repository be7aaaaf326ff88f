/** Consecutive TCP ports, both ends included. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

/** What security group rules and network ACL entries have in common. */
interface PortRule {
  readonly protocol: string
  readonly fromPort: number | undefined
  readonly toPort: number | undefined
}

/** The TCP ports a rule speaks of; undefined when it is about another protocol. */
export function tcpPortsOf(rule: PortRule): PortRange | undefined {
  if (rule.protocol === 'all' || rule.protocol === '-1') return { from: 0, to: 65_535 }
  if (rule.protocol !== 'tcp' && rule.protocol !== '6') return undefined
  return { from: rule.fromPort ?? 0, to: rule.toPort ?? 65_535 }
}

/** Whether a rule is about a TCP port. */
export function coversPort(rule: PortRule, port: number): boolean {
  const ports = tcpPortsOf(rule)
  return ports !== undefined && ports.from <= port && port <= ports.to
}

/** HTTPS. */
export const https: PortRange = { from: 443, to: 443 }

/** Ports a NAT gateway answers from. */
export const natEphemeral: PortRange = { from: 1024, to: 65_535 }

/** Ports a client is answered on, by its operating system; what a host has tuned is not visible. */
export function ephemeralOf(operatingSystem: 'linux' | 'windows'): PortRange {
  return operatingSystem === 'windows' ? { from: 49_152, to: 65_535 } : { from: 32_768, to: 61_000 }
}
