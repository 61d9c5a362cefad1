import { runService } from '@afo/service'
import { gateway } from './service.js'

await runService(gateway)
