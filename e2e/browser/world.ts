import type { BrowserContext, Page } from 'playwright-core'
import { openBrowser } from './browser.js'
import { inXero } from './in-xero.js'
import { office } from './office.js'
import { rows } from './rows.js'
import { type Stack, startProduct } from './stack.js'
import { watch } from './watch.js'

/** One running product and one browser before it; every story goes on where the one before left them. */
export interface World {
  readonly stack: Stack
  readonly context: BrowserContext
  readonly page: Page
  readonly admin: ReturnType<typeof office>
  readonly seen: ReturnType<typeof watch>
  readonly xero: ReturnType<typeof inXero>
  readonly rows: ReturnType<typeof rows>
  /** Waits for words on the page. */
  readonly text: (words: string | RegExp) => Promise<void>
}

export async function openWorld(): Promise<{ world: World; close: () => Promise<void> }> {
  const product = await startProduct()
  const { stack } = product
  const browser = await openBrowser({ width: 1280, height: 900 }).catch(async (error) => {
    await product.close()
    throw error
  })
  const { context } = browser
  const page = context.pages()[0] ?? (await context.newPage())
  const world = {
    stack,
    context,
    page,
    admin: office(page, stack),
    seen: watch(context),
    xero: inXero(stack),
    rows: rows(stack),
    text: (words: string | RegExp) => page.getByText(words).first().waitFor(),
  }
  return {
    world,
    close: async () => {
      await browser.close()
      await product.close()
    },
  }
}
