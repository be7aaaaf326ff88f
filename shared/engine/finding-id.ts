import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { ResourceRef } from '../model/resource.ts'

/**
 * The stable identity of a finding: the same rule on the same resource has the same id in every run, sink and version.
 * 128 bits in hex. Changing this function orphans every finding already imported into Security Hub.
 */
export function findingId(ruleId: string, ref: ResourceRef): string {
  const identity = JSON.stringify([ruleId, ref.accountId, ref.region, ref.arn])
  return bytesToHex(sha256(utf8ToBytes(identity))).slice(0, 32)
}
