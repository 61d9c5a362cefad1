// Counts for CI: vitest's own, each other command as one more; a command that failed without a failed test (lint, types, a crash) as one failure.
import { existsSync, readFileSync } from 'node:fs'
import { browserResults, testResults } from './results.mjs'

const [testExit, ...otherExits] = process.argv.slice(2).map(Number)
const read = (file, missing) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : missing)
const results = [
  read(testResults, { numPassedTests: 0, numFailedTests: 1, testResults: [] }),
  read(browserResults, { numPassedTests: 0, numFailedTests: 0, testResults: [] }),
]
const tell = (what, why) => console.log(`failed: ${what}\n  ${why.slice(0, 600)}`)
const sum = (name) => results.reduce((so, part) => so + part[name], 0)

// Said once more at the end: of a long log, that is what one sees first.
for (const { name: file, status, message, assertionResults } of results.flatMap((part) => part.testResults)) {
  const failed = assertionResults.filter((test) => test.status === 'failed')
  for (const { fullName, failureMessages } of failed) tell(`${file}: ${fullName}`, failureMessages.join('\n'))
  if (status === 'failed' && failed.length === 0) tell(file, message)
}

const testFailures = testExit === 0 ? sum('numFailedTests') : Math.max(1, sum('numFailedTests'))
const failedOthers = otherExits.filter((code) => code !== 0).length
const passed = sum('numPassedTests') + otherExits.length - failedOthers
const failed = testFailures + failedOthers
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
