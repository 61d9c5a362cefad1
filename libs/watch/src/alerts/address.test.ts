import { expect, test } from 'vitest'
import { isPublic, resolveTarget } from './address.js'

test.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '100.63.255.255'])('%s is out in the world', (address) => {
  expect(isPublic(address)).toBe(true)
})

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'not an address',
])('%s is not', (address) => {
  expect(isPublic(address)).toBe(false)
})

test('a name of a private network is refused however it is written, unless it is allowed', async () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', '0x7f.1', '2130706433'])
    await expect(resolveTarget(host, []), host).rejects.toMatchObject({ code: 'alert-target' })
  expect(await resolveTarget('127.0.0.1', ['127.0.0.1'])).toEqual({ address: '127.0.0.1', family: 4 })
})
