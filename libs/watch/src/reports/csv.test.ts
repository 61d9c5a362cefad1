import { expect, test } from 'vitest'
import { csv } from './csv.js'

test('what would break a row is quoted; nothing is an empty cell', () => {
  expect(
    csv([
      ['a', null, 'b,c'],
      ['say "hi"', 'two\nlines', ''],
    ]),
  ).toBe('a,,"b,c"\r\n"say ""hi""","two\nlines",\r\n')
})

test('a formula stays text; an amount stays a number', () => {
  expect(csv([['=HYPERLINK("x")', '@cmd', '+1 555', '-12.50', '-x']])).toBe(
    `"'=HYPERLINK(""x"")",'@cmd,'+1 555,-12.50,'-x\r\n`,
  )
})
