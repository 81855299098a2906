// Prints every end-to-end test with its result and its time on both grounds, and ends with 1 where they disagree.
// Usage: node scripts/compare-grounds.js EMBEDDED.json CLUSTER.json [TABLE.md]; the first two are vitest's JSON reports.
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'

const [embeddedFile, clusterFile, tableFile] = process.argv.slice(2)
if (!embeddedFile || !clusterFile) {
  console.error('usage: compare-grounds.js EMBEDDED.json CLUSTER.json [TABLE.md]')
  process.exit(2)
}

const embedded = testsOf(embeddedFile)
const cluster = testsOf(clusterFile)
const names = [...new Set([...embedded.keys(), ...cluster.keys()])]
const isForBoth = (name) => !name.startsWith('test/e2e/cluster/')
const shared = names.filter(isForBoth)
const differing = shared.filter((name) => embedded.get(name)?.status !== cluster.get(name)?.status)

const table = [
  '| end-to-end test | embedded | real |',
  '| --- | --- | --- |',
  ...names.map(
    (name) => `| ${cellOf(name)} | ${wordsOf(embedded.get(name), name)} | ${wordsOf(cluster.get(name))} |`,
  ),
  '',
  `${shared.length} tests on both grounds, ${differing.length} with different results; ${names.length - shared.length} on the real one only.`,
  '',
].join('\n')

process.stdout.write(table)
if (tableFile) writeFileSync(tableFile, table)
for (const name of differing) {
  console.error(
    `the grounds disagree: ${name}: ${wordsOf(embedded.get(name))}, ${wordsOf(cluster.get(name))}`,
  )
}
if (shared.length === 0) console.error('neither report has an end-to-end test in it')
process.exitCode = differing.length > 0 || shared.length === 0 ? 1 : 0

/** The end-to-end tests of a report by file and full name. A file that could not be loaded counts as a failed test. */
function testsOf(file) {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'))
  return new Map(
    testResults.flatMap(({ name, status, assertionResults, startTime, endTime }) => {
      const path = relative(process.cwd(), name)
      if (!path.startsWith('test/e2e/')) return []
      if (assertionResults.length === 0) return [[path, { status, duration: endTime - startTime }]]
      return assertionResults.map((each) => [`${path} ${each.fullName}`, each])
    }),
  )
}

function wordsOf(result, name = '') {
  if (!result) return name && !isForBoth(name) ? '' : 'not run'
  const { status, duration } = result
  return duration === undefined || duration === null ? status : `${status}, ${(duration / 1000).toFixed(2)} s`
}

function cellOf(name) {
  return name.replace('test/e2e/', '').replace('.test.ts', ':').replaceAll('|', '\\|').replaceAll('\n', ' ')
}
