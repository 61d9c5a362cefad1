import type { BrowserContext, Page } from 'playwright-core'

/** Keeps what the product's own server sent and what broke in its pages. */
export function watch(context: BrowserContext) {
  const answers: Promise<string>[] = []
  const errors: string[] = []
  context.on('response', (response) => {
    const type = response.headers()['content-type'] ?? ''
    // Streams don't end; the consent page is Xero's own and shows the sandbox's keys.
    if (/event-stream/.test(type) || !/\/(app|admin|auth|api)\//.test(new URL(response.url()).pathname)) return
    answers.push(response.text().catch(() => ''))
  })
  const follow = (page: Page) => {
    page.on('pageerror', ({ message }) => errors.push(message))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) errors.push(message.text())
    })
  }
  context.pages().forEach(follow)
  context.on('page', follow)
  return { errors, texts: () => Promise.all(answers) }
}
