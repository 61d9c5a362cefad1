import { escaped, htmlPage } from '../html.js'
import type { SandboxApp } from '../options.js'

const credentials = (apps: readonly SandboxApp[]) =>
  apps
    .map(
      (
        app,
      ) => `<dl><dt>App</dt><dd>${escaped(app.name ?? 'AmpedFieldOps')}</dd><dt>Client id</dt><dd><code id="client-id">${escaped(app.clientId)}</code></dd>
<dt>Client secret</dt><dd><code id="client-secret">${escaped(app.clientSecret)}</code></dd>
<dt>Redirect URIs</dt><dd>${app.redirectUris.map((uri) => `<code>${escaped(uri)}</code>`).join('<br>')}</dd></dl>`,
    )
    .join('')

const aboutApp = (apps: readonly SandboxApp[]) =>
  `<div class="note"><p>This is a stand-in for Xero on your own machine. Paste these into AmpedFieldOps, under Settings &rsaquo; Xero:</p>${credentials(apps)}</div>`

const scopeWords: Readonly<Record<string, string>> = {
  'accounting.contacts': 'View and manage your contacts',
  'accounting.invoices': 'View and manage your invoices, credit notes and items',
  'accounting.transactions': 'View and manage your business transactions',
  'accounting.settings.read': 'View your organisation settings',
  'accounting.settings': 'View and manage your organisation settings',
  'accounting.payments.read': 'View your payments',
  offline_access: 'Stay connected while you are away',
}

export interface ConsentView {
  readonly uid: string
  readonly app: SandboxApp
  readonly organisations: readonly { readonly id: string; readonly name: string }[]
  readonly scopes: readonly string[]
  readonly userName: string
  /** What was wrong with the form that came before. */
  readonly problem?: string
}

/** The page that asks: which organisations, allow or cancel. Works without JavaScript. */
export function consentPage({ uid, app, organisations, scopes, userName, problem }: ConsentView): string {
  const name = escaped(app.name ?? 'AmpedFieldOps')
  const choices = organisations
    .map(
      ({ id, name: label }, i) =>
        `<label><input type="checkbox" name="tenantId" value="${escaped(id)}"${i === 0 ? ' checked' : ''}> ${escaped(label)}</label>`,
    )
    .join('')
  const wishes = scopes.flatMap((scope) => scopeWords[scope] ?? []).map((words) => `<li>${escaped(words)}</li>`)
  return htmlPage(
    `${app.name ?? 'AmpedFieldOps'} wants access`,
    `<h1>${name} wants access to your organisation</h1><p>Signed in as ${escaped(userName)}.</p>${problem ? `<p role="alert"><strong>${escaped(problem)}</strong></p>` : ''}
<form method="post" action="/identity/consent/${escaped(uid)}"><fieldset><legend>Organisations to connect</legend>${choices}</fieldset>
<p>${name} will be able to:</p><ul>${wishes.join('')}</ul>
<div class="buttons"><button class="allow" name="decision" value="allow">Allow access</button><button class="cancel" name="decision" value="cancel">Cancel</button></div></form>${aboutApp([app])}`,
  )
}

/** The sandbox's own front page: what to paste where, and the books. */
export const welcomePage = (apps: readonly SandboxApp[], issuer: string, books: string): string =>
  htmlPage(
    'Xero sandbox',
    `<h1>Xero sandbox</h1><p>A stand-in for Xero at <code>${escaped(issuer)}</code>. Connect from AmpedFieldOps; you will be brought back here to allow it.</p>${aboutApp(apps)}${books}`,
    true,
  )

/** What Xero shows when it can't send the browser back: the app or its redirect URI is unknown. */
export const errorPage = (error: string, description: string, apps: readonly SandboxApp[]): string =>
  htmlPage(
    'Error',
    `<h1>Sorry, something went wrong</h1><p>Error: <code id="error">${escaped(error)}</code></p><p>${escaped(description)}</p>${aboutApp(apps)}`,
  )
