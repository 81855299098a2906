// Counts the tests of one of vitest's JSON reports and says "PASSED FAILED". What did not pass is told on standard error:
// a skipped test counts as failed, and so does a file that could not be loaded.
// Usage: node scripts/tally.js REPORT.json
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
let passed = 0
let failed = 0
for (const { name, status, message, assertionResults } of testResults) {
  const file = relative(process.cwd(), name)
  if (status === 'failed' && assertionResults.length === 0) fail(`${file} could not be loaded`, [message])
  for (const test of assertionResults) {
    if (test.status === 'passed') passed += 1
    else fail(`${file} ${test.fullName}: ${test.status}`, test.failureMessages)
  }
}
console.log(passed, failed)

function fail(what, messages) {
  failed += 1
  console.error(`--- ${what}`)
  for (const message of messages) console.error(message.slice(0, 2000))
}
