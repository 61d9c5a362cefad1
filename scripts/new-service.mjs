// npm run new:service NAME: a service of the one shape that compiles, starts and hears one job of its own. What it does is for its author.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail, root, say } from './shell.mjs'

const [name = '', ...rest] = process.argv.slice(2)
if (!/^[a-z]+(-[a-z]+)*$/.test(name) || rest.length > 0)
  fail('npm run new:service NAME, for instance credit-notes: lower-case words with hyphens')
const folder = join('services', name)
if (existsSync(join(root, folder))) fail(`${folder} is there already`)

const camel = name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase())
const job = `${name}.run`
const like = 'item-sync'
const text = (path) => readFileSync(join(root, path), 'utf8')

/** Places that list the services: what is sought there, and what it becomes. Found before anything is written, so that nothing is half done. */
const changes = [
  ['libs/contracts/src/messages.ts', /(export const serviceNames = \[[^\]]*)\]/, `$1, '${name}']`],
  [
    'libs/contracts/src/messages.ts',
    /(\n\} as const satisfies Record<string, Definition<)/,
    `\n  '${job}': job('${name}', z.strictObject({})),$1`,
  ],
  ['tsconfig.json', /( {4}{\n {6}"path": "bench"\n {4}})/, `    {\n      "path": "${folder}"\n    },\n$1`],
  [
    'docker-compose.yml',
    /( {2}payments:\n(?: {4}.*\n)+)/,
    (block) => `${block}\n${block.replaceAll('payments', name)}`,
  ],
  ['ARCHITECTURE.md', /(\| `connection\.check` \(job\))/, `| \`${job}\` (job) | schedule | ${name} |\n$1`],
]

const files = {
  'package.json': text(`services/${like}/package.json`)
    .replaceAll(like, name)
    .replace(/("description": ").*(")/, '$1TODO: what it is for, in a line$2')
    .replace(/ {4}"@afo\/(?!service").*\n/g, ''),
  'tsconfig.json': text(`services/${like}/tsconfig.json`),
  'README.md': `# ${name}

TODO: what it is for, in two lines.

## Hears
- \`${job}\` (job): TODO when.

## Says
- \`job.started\`, \`job.progressed\`, \`job.finished\`, as every job does.

## Owns
- TODO: its rows, and the SQL functions that change them.

## When it fails
- TODO: what is retried, what waits for a person.
`,
  'src/main.ts': `import { runService } from '@afo/service'
import { ${camel} } from './service.js'

await runService(${camel})
`,
  'src/service.ts': `import { defineService, jobsOf } from '@afo/service'
import { z } from 'zod'
import { run } from './handlers/run.js'

/** TODO: what it is for, in a line. */
export const ${camel} = defineService({
  name: '${name}',
  config: z.object({}),
  xero: false,
  build: (context) => {
    const job = jobsOf(context)
    return { handlers: { '${job}': job(run()) } }
  },
})
`,
  'src/handlers/run.ts': `import type { JobHandler } from '@afo/service'

/** ${job}: TODO read, plan, act, say. */
export const run = (): JobHandler<'${job}'> => async () => ({ result: { summary: 'Nothing to do yet' } })
`,
}

const written = new Map()
for (const [path, sought, becomes] of changes) {
  const before = written.get(path) ?? text(path)
  const after = before.replace(sought, becomes)
  if (after === before) fail(`${path} is not as it was: ${sought} is not found in it. Nothing was written.`)
  written.set(path, after)
}
for (const [path, content] of Object.entries(files)) written.set(join(folder, path), content)
for (const [path, content] of written) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
  say(path)
}
say('Now: npm install, npm run format, npm run docs; then make its TODOs true')
