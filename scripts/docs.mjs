// npm run docs: writes what is made from the code. `-- --check` writes nothing and fails where a file is not as the code says.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail, root, say } from './shell.mjs'

const load = (path) => import(pathToFileURL(join(root, path)).href)

const made = {
  'docs/API.md': async () => {
    const { apiMarkdown } = await load('services/gateway/dist/document/markdown.js')
    const { routes } = await load('services/gateway/dist/routes/index.js')
    return apiMarkdown(routes)
  },
  'deploy/env.example': async () => {
    const { environmentExample } = await load('scripts/env-example.mjs')
    return environmentExample(load)
  },
}

const check = process.argv.includes('--check')
const stale = []
for (const [file, make] of Object.entries(made)) {
  const path = join(root, file)
  const text = await make()
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  if (check) stale.push(file)
  else {
    writeFileSync(path, text)
    say(`wrote ${file}`)
  }
}
if (stale.length > 0) fail(`Not as the code says: ${stale.join(', ')}. Run "npm run docs" and commit what it writes.`)
