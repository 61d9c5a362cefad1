import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

export const chromiumPath = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(existsSync)

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
  if (!chromiumPath) throw new Error('Chromium is missing; on Debian: apt-get install chromium')
  const profile = await mkdtemp(join(tmpdir(), 'afo-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
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
