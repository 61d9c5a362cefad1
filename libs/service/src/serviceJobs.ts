import type { ServiceContext } from './define.js'
import { jobs } from './jobs.js'
import { processName } from './run.js'

/** {@link jobs} over a service's own context. */
export const jobsOf = ({ name, db, bus, scale, log }: ServiceContext<unknown>) =>
  jobs({
    db,
    scale,
    owner: processName(name),
    announce: (message, { id: causationId, correlationId, tenantId }) =>
      bus
        .publish([message], { correlationId, causationId, tenantId })
        .catch((err: unknown) => log.warn({ err, said: message.name }, 'not announced')),
  })
