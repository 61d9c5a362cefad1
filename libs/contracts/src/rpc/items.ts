import { z } from 'zod'
import { decimalText } from '../text.js'
import { rpc } from './define.js'

/** A sold item of Xero as an activity type keeps it. `rate` is per hour; null where the item has no price. */
export const importedItem = z.object({
  itemId: z.guid(),
  code: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  rate: decimalText.nullable(),
  accountCode: z.string().nullable(),
  taxType: z.string().nullable(),
})
export type ImportedItem = z.infer<typeof importedItem>

export const itemImport = z.object({
  added: z.int(),
  updated: z.int(),
  restored: z.int(),
  missing: z.int(),
  unchanged: z.int(),
  refused: z.array(z.object({ itemId: z.guid(), code: z.string(), name: z.string(), message: z.string() })),
})
export type ItemImport = z.infer<typeof itemImport>

/** Item-sync's database functions. */
export const itemRpcs = {
  /** With the organisation that was read: refused once another one is in use. */
  sync_items_import: rpc(z.object({ p_items: z.array(importedItem), p_tenant_id: z.string().nullable() }), itemImport),
} as const
