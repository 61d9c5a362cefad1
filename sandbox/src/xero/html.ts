const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in a page. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)

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
.wide{max-width:46rem}table{width:100%;border-collapse:collapse;margin:.75rem 0}th,td{text-align:left;padding:.4rem .5rem;border-bottom:1px solid #d8e2e8}.n{text-align:right;font-variant-numeric:tabular-nums}a{color:#0b6794}input:not([type=checkbox]){font:inherit;background:inherit;color:inherit;width:100%;padding:.4rem .5rem;border:1px solid #8aa0ad;border-radius:6px}.field{display:block}
.note{font-size:.9rem;color:#44535f;border-top:1px solid #d8e2e8;margin-top:1.5rem;padding-top:1rem}
@media(prefers-color-scheme:dark){body{background:#0e1a22;color:#e6eef3}main{background:#16252f}ul,dt,.note{color:#a9bac5}code{background:#0e1a22}.cancel{background:transparent;color:#7cc6ea;border-color:#7cc6ea}fieldset,.note,th,td{border-color:#33505f}a{color:#7cc6ea}}`

/** A page in the sandbox's own looks; works without JavaScript. */
export const htmlPage = (title: string, body: string, wide = false): string =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${style}</style></head><body><main${wide ? ' class="wide"' : ''}>${body}</main></body></html>`
