import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { AppError } from '@afo/kit'

export interface Address {
  readonly address: string
  readonly family: number
}

const reserved = new BlockList()
for (const net of [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16',
  '198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
].flatMap((line) => line.split(' '))) {
  const [base = '', bits] = net.split('/')
  reserved.addSubnet(base, Number(bits), 'ipv4')
}
// Of IPv6 only what is routed at all; within it, what carries IPv4 addresses or is for documents.
const routed = new BlockList()
routed.addSubnet('2000::', 3, 'ipv6')
for (const [base, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  reserved.addSubnet(base, bits, 'ipv6')

/** Whether an address is out in the world, not in anybody's private network. */
export const isPublic = (address: string): boolean =>
  isIP(address) === 4
    ? !reserved.check(address, 'ipv4')
    : isIP(address) === 6 && routed.check(address, 'ipv6') && !reserved.check(address, 'ipv6')

/**
 * The address to connect to. Every address of the name has to be public, and the answer is what is connected to: a name that changes its mind in between
 * gains nothing.
 * @param allowed hosts that may be anywhere; for tests and development
 * @throws AppError `alert-target` for a name of a private network, `unavailable` where it can't be resolved
 */
export async function resolveTarget(host: string, allowed: readonly string[]): Promise<Address> {
  const name = host.replace(/^\[|\]$/g, '')
  const found = await lookup(name, { all: true }).catch((cause: unknown) => {
    throw new AppError('unavailable', `${host} could not be resolved`, { cause })
  })
  const [first] = found
  if (!first) throw new AppError('unavailable', `${host} has no address`)
  if (!allowed.includes(name) && !found.every(({ address }) => isPublic(address)))
    throw new AppError('invalid', `${host} is in a private network, where alerts are not sent`, {
      code: 'alert-target',
    })
  return first
}
