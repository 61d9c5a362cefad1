import { notTheMessagesFault } from '@afo/bus'
import type { ServiceContext } from './define.js'
import { type JobPorts, jobs } from './jobs.js'
import { processName } from './run.js'

/** {@link jobs} over a service's own context. */
export const jobsOf = ({ name, db, bus, scale, log }: ServiceContext<unknown>) => {
  const publish: JobPorts['publish'] = (messages, { id: causationId, correlationId, tenantId }) =>
    bus.publish(messages, { correlationId, causationId, tenantId }).catch(notTheMessagesFault)
  return jobs({
    db,
    scale,
    owner: processName(name),
    publish,
    announce: (message, cause) =>
      publish([message], cause).catch((err: unknown) => log.warn({ err, said: message.name }, 'not announced')),
  })
}
