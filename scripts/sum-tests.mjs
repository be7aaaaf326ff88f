/**
 * Adds up JSON reports of the test runner and prints `N passed, N failed`.
 * Usage: node scripts/sum-tests.mjs <report.json>… Ends with 1 when a report is missing, holds no test, or a test failed.
 */
import { readFileSync } from 'node:fs'

const totals = { passed: 0, failed: 0 }
let sound = process.argv.length > 2
for (const file of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    if (!(report.numTotalTests > 0)) throw new Error('holds no test')
    if (!report.success) sound = false
    totals.passed += report.numPassedTests
    totals.failed += report.numFailedTests
  } catch (error) {
    console.error(`${file}: ${error.message}`)
    sound = false
  }
}
console.log(`${totals.passed} passed, ${totals.failed} failed`)
if (!sound || totals.failed > 0 || totals.passed === 0) process.exitCode = 1
