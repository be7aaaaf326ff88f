import { createHash } from 'node:crypto'
import packageJson from '../../package.json' with { type: 'json' }
import type { Environment } from '../../shared/runtime/environment.ts'

/**
 * What findings rest on besides the account, in words for the account's own result: the version, whose words they are, and the
 * settings, which say how severe they are. When it is another one, findings may differ in what no result in AWS Config shows.
 */
export function basisOf({ settingsText, organizationId = '', trustedAccounts }: Environment): string {
  const settings = createHash('sha256').update(JSON.stringify([settingsText, organizationId, trustedAccounts]))
  return `Version ${packageJson.version}, settings ${settings.digest('hex').slice(0, 8)}.`
}
