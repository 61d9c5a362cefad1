// npm run test:browser: the console in Chromium against the whole stack. Arguments go to vitest; `-- --screenshots` takes pictures of every page instead.
import { haveChromium, runSpecs } from './browser.mjs'

const args = process.argv.slice(2)
const pictures = args.includes('--screenshots')
const rest = args.filter((arg) => arg !== '--screenshots')
if (await haveChromium()) process.exitCode = await runSpecs([pictures ? 'screenshots' : 'console', ...rest])
