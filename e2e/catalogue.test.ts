import { failureCodes, failures } from '@afo/contracts'
import { expect, test } from 'vitest'
import { readText, sources, workspaces } from './workspaces.js'

/** Rows of the failure catalogue of which tests know the rule alone, with the reason why nothing brings them about for real. */
const notProvokable: Readonly<Record<string, string>> = {
  'AFO-604':
    'A scheduled run would have to fail until its retries are used up: hours, for a rule that troubles.test.ts of contracts holds.',
  'AFO-621': 'Takes an organisation of a quarter of a million contacts.',
}

const tests = workspaces()
  .flatMap(({ folder }) => ['src', 'test'].flatMap((part) => sources(`${folder}/${part}`, { tests: true })))
  .filter((path) => path.endsWith('.test.ts'))
  .map(readText)
  .join('\n')

test.each(failureCodes)('%s is named by a test, or says why not', (code) => {
  expect(tests.includes(`'${code}'`) || Object.hasOwn(notProvokable, code)).toBe(true)
})

test('at most a tenth is not provokable, and every row has a remedy in words', () => {
  expect(Object.keys(notProvokable).length).toBeLessThanOrEqual(failureCodes.length / 10)
  for (const { title, meaning, remedy } of Object.values(failures))
    for (const words of [title, meaning, remedy]) expect(words).toMatch(/^[A-Z].*\w/)
})
