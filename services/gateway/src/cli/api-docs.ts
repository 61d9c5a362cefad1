import { apiMarkdown, endpoints } from '@afo/contracts'

/** Prints docs/API.md on stdout. `npm run docs` writes it and CI compares it. */
process.stdout.write(apiMarkdown(endpoints))
