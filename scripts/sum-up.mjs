// Counts for CI: vitest's own, the demo as one more; a command that failed without a failed test (lint, types, a crash) as one failure.
import { existsSync, readFileSync } from 'node:fs'
import { browserResults, testResults } from './results.mjs'

const [testExit, demoExit] = process.argv.slice(2).map(Number)
const read = (file, missing) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : missing)
const results = [
  read(testResults, { numPassedTests: 0, numFailedTests: 1 }),
  read(browserResults, { numPassedTests: 0, numFailedTests: 0 }),
]
const sum = (name) => results.reduce((so, part) => so + part[name], 0)

const testFailures = testExit === 0 ? sum('numFailedTests') : Math.max(1, sum('numFailedTests'))
const passed = sum('numPassedTests') + (demoExit === 0 ? 1 : 0)
const failed = testFailures + (demoExit === 0 ? 0 : 1)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
