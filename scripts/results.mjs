import { join } from 'node:path'
import { root } from './shell.mjs'

/** Where vitest writes down what passed, for the sum at the end of CI. */
export const testResults = join(root, '.state', 'test-results.json')
export const browserResults = join(root, '.state', 'browser-results.json')
