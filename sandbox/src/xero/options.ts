import type { Log } from '@afo/kit'
import type { Limits } from './limits.js'

/** An app as registered in Xero's developer portal. */
export interface SandboxApp {
  /** 32 hexadecimal digits. */
  readonly clientId: string
  readonly clientSecret: string
  /** https, or http://localhost for tests; http://127.0.0.1 isn't taken, by Xero neither. */
  readonly redirectUris: readonly string[]
  readonly name?: string
  /** granular: made since March 2026 (the default); broad: an older app that may still ask for accounting.transactions. */
  readonly scopes?: 'granular' | 'broad'
}

export interface WebhookOptions {
  readonly url: string
  readonly key: string
}

export interface XeroOptions {
  readonly host?: string
  /** 0: any free one. */
  readonly port?: number
  /** The origin that browsers and services reach it by, where that isn't http://host:port. */
  readonly publicUrl?: string
  /** Where everything is kept across restarts; absent: memory only. */
  readonly stateFile?: string
  /** Divides every duration (windows, lifetimes, grace). */
  readonly timeScale?: number
  readonly limits?: Partial<Limits>
  readonly apps: readonly SandboxApp[]
  /** Absent: the demo company and one other. */
  readonly organisations?: readonly OrganisationOption[]
  readonly webhook?: WebhookOptions
  /** Who may use the control door: only this machine (the default), or anyone who reaches the port (in a container's own network). */
  readonly controlFrom?: 'loopback' | 'anywhere'
  /** Path of Xero's OpenAPI document: every request and answer is checked against it, see `control.violations()`. */
  readonly openapi?: string
  readonly log?: Log
}

export interface OrganisationOption {
  readonly tenantId: string
  readonly name: string
  /** demo: Xero's NZ demo company with our contacts and items; bare: chart of accounts and tax rates alone. */
  readonly seed: 'demo' | 'bare'
  readonly countryCode?: 'NZ' | 'AU'
}

/** @throws Error naming the app whose registration Xero wouldn't take either */
export function checkApp(app: SandboxApp): SandboxApp {
  for (const uri of app.redirectUris) {
    const { protocol, hostname } = new URL(uri)
    if (protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost')) continue
    throw new Error(`App ${app.clientId}: Xero takes https redirect URIs, or http://localhost for tests, not ${uri}`)
  }
  return app
}
