import { runService } from '@afo/service'
import { payments } from './service.js'

await runService(payments)
