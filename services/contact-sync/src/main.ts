import { runService } from '@afo/service'
import { contactSync } from './service.js'

await runService(contactSync)
