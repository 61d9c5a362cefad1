import type { SandboxApp } from '../options.js'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)

const style = `
:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;font:16px/1.5 system-ui,sans-serif;background:#e8f4fa;color:#17232e}
main{width:100%;max-width:30rem;background:#fff;border-radius:12px;padding:2rem;box-shadow:0 6px 30px rgb(0 40 70 / .14)}
h1{font-size:1.35rem;margin:0 0 .5rem}h2{font-size:1rem;margin:1.5rem 0 .25rem}p{margin:.4rem 0}
fieldset{border:1px solid #b9cbd6;border-radius:8px;margin:1rem 0;padding:.75rem 1rem}legend{font-weight:600;padding:0 .35rem}
label{display:flex;gap:.6rem;align-items:center;padding:.35rem 0;cursor:pointer}input[type=checkbox]{width:1.15rem;height:1.15rem}
ul{margin:.25rem 0;padding-left:1.2rem;color:#44535f}code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere;background:#eef3f6;padding:.1rem .3rem;border-radius:4px}
.buttons{display:flex;gap:.75rem;margin-top:1.25rem}button{font:inherit;font-weight:600;padding:.65rem 1.2rem;border-radius:8px;border:1px solid #0b6794;cursor:pointer}
.allow{background:#0b6794;color:#fff}.cancel{background:#fff;color:#0b6794}button:focus-visible,input:focus-visible{outline:3px solid #f0a000;outline-offset:2px}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem .75rem;margin:.5rem 0}dt{color:#44535f}dd{margin:0}
.note{font-size:.9rem;color:#44535f;border-top:1px solid #d8e2e8;margin-top:1.5rem;padding-top:1rem}
@media(prefers-color-scheme:dark){body{background:#0e1a22;color:#e6eef3}main{background:#16252f}ul,dt,.note{color:#a9bac5}code{background:#0e1a22}.cancel{background:transparent;color:#7cc6ea;border-color:#7cc6ea}fieldset,.note{border-color:#33505f}}`

const page = (title: string, body: string) =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`

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
  return page(
    `${app.name ?? 'AmpedFieldOps'} wants access`,
    `<h1>${name} wants access to your organisation</h1><p>Signed in as ${escaped(userName)}.</p>${problem ? `<p role="alert"><strong>${escaped(problem)}</strong></p>` : ''}
<form method="post" action="/identity/consent/${escaped(uid)}"><fieldset><legend>Organisations to connect</legend>${choices}</fieldset>
<p>${name} will be able to:</p><ul>${wishes.join('')}</ul>
<div class="buttons"><button class="allow" name="decision" value="allow">Allow access</button><button class="cancel" name="decision" value="cancel">Cancel</button></div></form>${aboutApp([app])}`,
  )
}

/** The sandbox's own front page: what to paste where. */
export const welcomePage = (apps: readonly SandboxApp[], issuer: string): string =>
  page(
    'Xero sandbox',
    `<h1>Xero sandbox</h1><p>A stand-in for Xero at <code>${escaped(issuer)}</code>. Connect from AmpedFieldOps; you will be brought back here to allow it.</p>${aboutApp(apps)}`,
  )

/** What Xero shows when it can't send the browser back: the app or its redirect URI is unknown. */
export const errorPage = (error: string, description: string, apps: readonly SandboxApp[]): string =>
  page(
    'Error',
    `<h1>Sorry, something went wrong</h1><p>Error: <code id="error">${escaped(error)}</code></p><p>${escaped(description)}</p>${aboutApp(apps)}`,
  )
