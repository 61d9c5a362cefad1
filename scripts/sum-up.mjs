// Counts for CI: vitest's own, the demo as one more; a command that failed without a failed test (lint, types, a crash) as one failure.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './shell.mjs'

const [testExit, demoExit] = process.argv.slice(2).map(Number)
const file = join(root, '.state', 'test-results.json')
const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numPassedTests: 0, numFailedTests: 1 }

const testFailures = testExit === 0 ? results.numFailedTests : Math.max(1, results.numFailedTests)
const passed = results.numPassedTests + (demoExit === 0 ? 1 : 0)
const failed = testFailures + (demoExit === 0 ? 0 : 1)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
