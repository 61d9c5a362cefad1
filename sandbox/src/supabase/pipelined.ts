import type { Sql } from 'postgres'

interface Statement {
  readonly text: string
  readonly params: readonly never[]
}

// What Lite says before every request, one statement after the other, and never reads the answer of.
const setting = /^select (set_config\(.*\))$/is

/**
 * Sends the beginning of a transaction and its settings without waiting for their answers, and settings that follow each other as one: of a call's 14
 * statements, each waited for, five are left, of which three are waited for. What fails among them fails the next statement.
 */
export function pipelined(driver: Sql): void {
  const reserve = driver.reserve.bind(driver)
  driver.reserve = async () => {
    const reserved = await reserve()
    const unsafe = reserved.unsafe.bind(reserved)
    let settings: Statement[] = []
    let failed: { error: unknown } | undefined
    const send = ({ text, params }: Statement) => {
      unsafe(text, [...params], { prepare: true }).catch((error: unknown) => {
        failed ??= { error }
      })
    }
    const ask = async ({ text, params }: Statement) => {
      // A connection made anew would know neither the transaction nor the role; only the rollback may still go there.
      if (failed && text !== 'rollback') throw failed.error
      return unsafe(text, [...params]).catch((error: unknown) => {
        throw failed ? failed.error : error
      })
    }
    reserved.unsafe = (async (text: string, params: never[] = []) => {
      if (setting.test(text)) {
        settings.push({ text, params })
        return []
      }
      if (settings.length > 0) send(together(settings))
      settings = []
      if (text !== 'begin') return ask({ text, params })
      send({ text, params })
      return []
    }) as unknown as typeof reserved.unsafe
    return reserved
  }
}

function together(settings: readonly Statement[]): Statement {
  let before = 0
  const calls = settings.map(({ text, params }) => {
    const first = before
    before += params.length
    return text.replace(setting, '$1').replace(/\$(\d+)/g, (_, n) => `$${first + Number(n)}`)
  })
  return { text: `select ${calls.join(', ')}`, params: settings.flatMap(({ params }) => params) }
}
