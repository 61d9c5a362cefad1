import { runService } from '@afo/service'
import { invoicing } from './service.js'

await runService(invoicing)
