import type { BrowserContext, Page } from 'playwright-core'

/** Keeps what the product's own server sent and what broke in its pages. */
export function watch(context: BrowserContext) {
  const answers: Promise<string>[] = []
  const errors: string[] = []
  const known = new Set<string>()
  context.on('response', (response) => {
    const type = response.headers()['content-type'] ?? ''
    const url = response.url()
    // Streams don't end; the consent page is Xero's own and shows the sandbox's keys.
    if (/event-stream/.test(type) || !/\/(app|admin|auth|api)\//.test(new URL(url).pathname)) return
    // Scripts and styles have the hash of what is in them in their name: once is enough.
    if (/\/app\/assets\//.test(url) && known.has(url)) return
    known.add(url)
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
