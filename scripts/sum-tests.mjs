/**
 * Adds up JSON reports of the test runner and prints `N passed, N failed`.
 * Usage: node scripts/sum-tests.mjs <report.json>…
 * A report that is missing, holds no test, or failed without a failed test (a file that did not load) counts as one
 * failure, so that the line never looks green when a run was not. Ends with 1 unless everything passed.
 */
import { readFileSync } from 'node:fs'

const totals = { passed: 0, failed: 0 }
for (const file of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    if (!(report.numTotalTests > 0)) throw new Error('holds no test')
    totals.passed += report.numPassedTests
    totals.failed += report.numFailedTests
    if (!report.success && report.numFailedTests === 0) throw new Error('the run failed outside a test')
  } catch (error) {
    console.error(`${file}: ${error.message}`)
    totals.failed += 1
  }
}
console.log(`${totals.passed} passed, ${totals.failed} failed`)
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1
