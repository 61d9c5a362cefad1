// deploy/env.example from the schemas that read the environment, so that it can't tell another story.

/** Variables that are set by the person who deploys, before all others; the rest follows by name. */
const first = [
  'SUPABASE_URL',
  'SUPABASE_SERVICE_ROLE_KEY',
  'SUPABASE_PUBLISHABLE_KEY',
  'REDIS_URL',
  'ENCRYPTION_KEY',
  'SERVICE_TOKEN',
  'PUBLIC_URL',
  'FRONTEND_URL',
]
/** Set by docker-compose.yml or for the local stack alone. */
const elsewhere = ['HOST', 'PORT', 'OPERATIONS_PORT', 'FOLLOW_PARENT', 'TIME_SCALE', 'FAILPOINT_FILE']

/** The file's text. `load` imports a compiled module by its path from the root. */
export async function environmentExample(load) {
  const { baseConfig, xeroConfig } = await load('libs/service/dist/config.js')
  const { serviceNames } = await load('libs/contracts/dist/messages.js')
  const variables = new Map()
  const note = (shape, service) => {
    for (const [name, schema] of Object.entries(shape)) {
      const known = variables.get(name) ?? { name, schema, services: new Set() }
      known.services.add(service)
      variables.set(name, known)
    }
  }
  for (const service of serviceNames) {
    const definition = Object.values(await load(`services/${service}/dist/service.js`)).find(
      (it) => it?.name === service,
    )
    note(definition.config.shape, service)
    note(baseConfig.shape, service)
    if (definition.xero) note(xeroConfig.shape, service)
  }
  const order = ({ name }) => [first.includes(name) ? first.indexOf(name) : first.length, name]
  const listed = [...variables.values()]
    .filter(({ name }) => !elsewhere.includes(name))
    .sort((a, b) => order(a)[0] - order(b)[0] || (a.name < b.name ? -1 : 1))
  return `# Made by "npm run docs" from the services' own configuration. Copy to .env and fill in what has no default.\n\n# Tells docker-compose.yml to use this file; without it the demo's well-known keys are used.\nENV_FILE=.env\n\n${listed
    .map((variable) => block(variable, serviceNames.length))
    .join('\n')}`
}

function block({ name, schema, services }, all) {
  const who = services.size === all ? 'every service' : [...services].join(', ')
  const { success, data } = schema.safeParse(undefined)
  const value = data === undefined || data === null ? '' : Array.isArray(data) ? data.join(',') : String(data)
  const line = success ? `# ${name}=${value}` : `${name}=`
  return `# ${schema.description ?? name} (${who})\n${line}\n`
}
