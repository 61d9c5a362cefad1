// npm run docs: writes what is made from the code. `-- --check` writes nothing and fails where a file is not as the code says.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail, root, say } from './shell.mjs'

const load = (path) => import(pathToFileURL(join(root, path)).href)

const made = {
  'docs/API.md': async () => {
    const { apiMarkdown, endpoints } = await load('libs/contracts/dist/index.js')
    return apiMarkdown(endpoints)
  },
  'deploy/env.example': async () => {
    const { environmentExample } = await load('scripts/env-example.mjs')
    return environmentExample(load)
  },
  'docs/calls.md': async () => {
    const { callsMarkdown } = await load('sandbox/dist/story/calls.js')
    return callsMarkdown()
  },
  'docs/TROUBLESHOOTING.md': async () => {
    const { failures } = await load('libs/contracts/dist/failures/index.js')
    const rows = Object.entries(failures).map(
      ([code, { title, meaning, remedy, retryable, owner }]) =>
        `| ${code} | **${title}.** ${meaning} | ${remedy} | ${owner} | ${retryable ? 'yes' : 'no'} |`,
    )
    const table = [
      '| code | what it means | what to do | who | try again as it is |',
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n')
    const [before, begin, end, after] = readFileSync(join(root, 'docs/TROUBLESHOOTING.md'), 'utf8').split(
      /^(<!-- .*begin -->\n)[\s\S]*?^(<!-- end -->)/m,
    )
    return [before, begin, `\n${table}\n\n`, end, after].join('')
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
