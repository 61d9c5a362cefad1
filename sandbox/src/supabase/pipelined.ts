import type { Sql } from 'postgres'

/** What Lite says before every request, one statement after the other, and never reads the answer of. */
const unread = /^(begin$|select set_config\()/i

/** Sends those without waiting for their answers: of a request's 14 ways to Postgres and back, 3 are left. What fails among them fails the next statement. */
export function pipelined(driver: Sql): void {
  const reserve = driver.reserve.bind(driver)
  driver.reserve = async () => {
    const reserved = await reserve()
    const unsafe = reserved.unsafe.bind(reserved)
    let failed: { error: unknown } | undefined
    const send = (text: string, params: never[]) => {
      unsafe(text, params, { prepare: true }).catch((error: unknown) => {
        failed ??= { error }
      })
      return Promise.resolve([])
    }
    const ask = async (text: string, params: never[]) => {
      // A connection made anew would know neither the transaction nor the role; only the rollback may still go there.
      if (failed && text !== 'rollback') throw failed.error
      return unsafe(text, params).catch((error: unknown) => {
        throw failed ? failed.error : error
      })
    }
    reserved.unsafe = ((text: string, params: never[]) =>
      unread.test(text) ? send(text, params) : ask(text, params)) as unknown as typeof reserved.unsafe
    return reserved
  }
}
