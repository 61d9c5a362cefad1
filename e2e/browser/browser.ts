import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processEnvironment } from '@afo/kit'
import { type BrowserContext, chromium } from 'playwright-core'

/** As `scripts/browser.mjs` found it. */
const { CHROMIUM: executablePath } = processEnvironment()

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface View {
  readonly width: number
  readonly height: number
  readonly dark?: boolean
}

/** A browser of its own with an empty profile; New Zealand's dates and money, wherever it runs. */
export async function openBrowser({ width, height, dark = false }: View): Promise<{
  context: BrowserContext
  close: () => Promise<void>
}> {
  if (!executablePath) throw new Error('Run this by npm run test:browser, or say in CHROMIUM where Chromium is')
  const profile = await mkdtemp(join(tmpdir(), 'afo-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: flags,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    // As many people set it; and what does not move need not be waited for.
    reducedMotion: 'reduce',
    locale: 'en-NZ',
    timezoneId: 'Pacific/Auckland',
  })
  context.setDefaultTimeout(60_000)
  return {
    context,
    close: async () => {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}
