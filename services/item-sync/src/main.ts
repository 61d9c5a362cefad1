import { runService } from '@afo/service'
import { itemSync } from './service.js'

await runService(itemSync)
