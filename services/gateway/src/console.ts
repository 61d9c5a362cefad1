import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { consoleConfig } from '@afo/contracts'
import express, { Router } from 'express'
import { xeroPlaces } from './core/xero-places.js'
import type { Ports } from './ports.js'

const built = fileURLToPath(new URL('../../../console/dist', import.meta.url))

/** The admin's pages at /app, when they are built: files as they are, every other path the one page that routes by itself. */
export function consolePages({ config }: Ports): Router {
  const router = Router()
  const folder = config.CONSOLE_DIR ?? built
  router.get('/app/config.json', (_req, res) => {
    const supabaseUrl = config.SUPABASE_PUBLIC_URL ?? config.SUPABASE_URL
    const publishableKey = config.SUPABASE_PUBLISHABLE_KEY ?? ''
    const xero = xeroPlaces(config.XERO_LOGIN_URL)
    res.set('Cache-Control', 'no-store').json(consoleConfig.parse({ supabaseUrl, publishableKey, xero }))
  })
  if (!existsSync(join(folder, 'index.html'))) return router
  const assets = { index: false, redirect: false, fallthrough: false, immutable: true, maxAge: '1y' } as const
  router.use('/app/assets', express.static(join(folder, 'assets'), assets))
  router.use('/app', express.static(folder, { index: false, redirect: false, cacheControl: false, setHeaders: fresh }))
  router.get(['/app', '/app/*path'], (_req, res) => {
    res.set('Cache-Control', 'no-cache').sendFile(join(folder, 'index.html'))
  })
  return router
}

/** Files outside assets carry no hash in their name: look again each time. */
const fresh = (res: { setHeader(name: string, value: string): void }) => res.setHeader('Cache-Control', 'no-cache')
