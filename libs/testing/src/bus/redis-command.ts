import { connect } from 'node:net'

/** Sends one command on a connection of its own and answers Redis's reply as it came. For what a test does behind the bus's back. */
export function redisCommand(url: string, ...args: readonly (string | number)[]): Promise<string> {
  const { hostname, port } = new URL(url)
  const words = args.map(String).map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`*${words.length}\r\n${words.join('')}`))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString().trim())
    })
    socket.once('error', reject)
  })
}
