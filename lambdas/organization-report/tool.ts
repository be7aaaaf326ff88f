import packageJson from '../../package.json' with { type: 'json' }
import type { Report } from '../../shared/sinks/report/report.ts'

/** What reports say has made them. */
export function toolOf(): Report['tool'] {
  return { name: 'pullpath', version: packageJson.version }
}
