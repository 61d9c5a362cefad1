import { apiMarkdown } from '../document/markdown.js'
import { routes } from '../routes/index.js'

/** Prints docs/API.md on stdout. `npm run docs` writes it and CI compares it. */
process.stdout.write(apiMarkdown(routes))
