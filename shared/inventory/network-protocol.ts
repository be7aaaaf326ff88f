import { isJsonObject, type JsonObject } from '../model/json.ts'
import { property } from './property.ts'

/** Protocol and ports of a rule. */
export interface ProtocolAndPorts {
  /** `all`, `tcp`, `udp`, `icmp`, `icmpv6` or a protocol number. */
  readonly protocol: string
  readonly fromPort: number | undefined
  readonly toPort: number | undefined
}

/** Reads protocol and ports from where a rule keeps them; undefined when they cannot be read or say nothing certain. */
export function protocolAndPorts(
  rule: JsonObject,
  protocolName: string,
  ports: JsonObject,
  [fromName, toName]: readonly [string, string],
): ProtocolAndPorts | undefined {
  const protocol = protocolOf(rule, protocolName)
  if (protocol === undefined) return undefined
  if (protocol !== 'tcp' && protocol !== 'udp') return { protocol, fromPort: undefined, toPort: undefined }
  const fromPort = portOf(ports, fromName)
  const toPort = portOf(ports, toName)
  return fromPort === undefined || toPort === undefined ? undefined : { protocol, fromPort, toPort }
}

function protocolOf(rule: JsonObject, name: string): string | undefined {
  const stated = property(rule, name)
  const word = isJsonObject(stated) ? property(stated, 'Value') : stated
  if (typeof word !== 'string' && typeof word !== 'number') return undefined
  const text = String(word).toLowerCase()
  if (/^\d{1,3}$/.test(text)) return names.get(Number(text)) ?? String(Number(text))
  return words.get(text)
}

const words: ReadonlyMap<string, string> = new Map([
  ['-1', 'all'],
  ['all', 'all'],
  ['tcp', 'tcp'],
  ['udp', 'udp'],
  ['icmp', 'icmp'],
  ['icmpv6', 'icmpv6'],
])

const names: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
])

function portOf(ports: JsonObject, name: string): number | undefined {
  const port = property(ports, name)
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65535 ? port : undefined
}
