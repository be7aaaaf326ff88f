import { configRows } from './config-rows.ts'
import { eventRows } from './event-rows.ts'
import { pullRows } from './pull-rows.ts'
import { reportRows } from './report-rows.ts'
import type { FunctionRow } from './stage.ts'
import { sweepRows } from './sweep-rows.ts'

/** Every way this tier invokes a deployed function. A new function needs one row. */
export const functionRows: readonly FunctionRow[] = [
  ...[...configRows, ...eventRows, ...sweepRows, ...pullRows, ...reportRows],
]

/** The first row of a function. */
export function rowOf(functionName: string): FunctionRow {
  const row = functionRows.find((one) => one.functionName === functionName)
  if (row === undefined) throw new Error(`there is no row for ${functionName}`)
  return row
}
