import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What we use of the package; its own types are not here unless it is installed. */
export interface Oracle {
  readonly runSimulation: (simulation: object, options: object) => Promise<OracleAnswer>
  readonly runUnsafeSimulation: (simulation: object, options: object) => string
}

/** The answer of the validated entry point. */
export interface OracleAnswer {
  readonly resultType: 'error' | 'single' | 'wildcard'
  readonly overallResult?: string
  readonly errors?: { readonly message: string }
}

const packageName = '@cloud-copilot/iam-simulate'

/** How to get the oracle, in one line. */
export const installHint =
  'the oracle is not installed; run "npm install --no-package-lock" in bench/oracle, or name a folder that has it with --oracle <folder>'

/** Loads the oracle from `folder/node_modules`, by default from here; undefined when it is not installed. */
export function loadOracle(folder: string = fileURLToPath(new URL('.', import.meta.url))): Oracle | undefined {
  const require = createRequire(join(folder, 'from-here.js'))
  try {
    return require(packageName) as Oracle
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
