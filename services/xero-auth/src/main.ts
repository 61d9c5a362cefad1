import { runService } from '@afo/service'
import { xeroAuthService } from './service.js'

await runService(xeroAuthService)
