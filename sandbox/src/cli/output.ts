import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

const began = Date.now()

/** Progress for the person who waits; stdout stays free for the result. */
export function say(text: string): void {
  const seconds = ((Date.now() - began) / 1000).toFixed(1).padStart(5)
  process.stderr.write(`${seconds} s  ${text}\n`)
}

/** One JSON object on one line of stdout: a command's result. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** An error in words, its causes below; a stack helps only whoever wrote the code. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.message || thrown.name
}

/** The command line's options. An unknown one, or --help, ends the command with the usage. */
export function readOptions<const O extends Options>(
  usage: string,
  options: O,
): ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true }>> {
  try {
    return parseArgs({ args: process.argv.slice(2), options, allowPositionals: true })
  } catch (error) {
    const asked = process.argv.includes('--help')
    process.stderr.write(asked ? `${usage}\n` : `${describeError(error)}\n\n${usage}\n`)
    process.exit(asked ? 0 : 2)
  }
}

/** Runs a command that ends by itself; what goes wrong is said in one line. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    process.stderr.write(`\n${describeError(error)}\n`)
    process.exitCode = 1
  }
}
