import { fold } from './fold.js'
import { type ChangeKind, Index, Journal, Table } from './table.js'
import type {
  Account,
  Contact,
  CreditNote,
  HistoryRecord,
  Invoice,
  Item,
  Organisation,
  Payment,
  TaxRate,
  TrackingCategory,
} from './types.js'

/** Something that Xero's webhooks tell of. */
export interface Change {
  readonly category: 'CONTACT' | 'INVOICE'
  readonly id: string
  readonly kind: ChangeKind
  /** When Xero says it happened; absent: when it is told of. */
  readonly at?: number
}

export interface OrganisationSnapshot {
  readonly organisation: Organisation
  readonly contacts: readonly Contact[]
  readonly items: readonly Item[]
  readonly accounts: readonly Account[]
  readonly taxRates: readonly TaxRate[]
  readonly trackingCategories: readonly TrackingCategory[]
  readonly invoices: readonly Invoice[]
  readonly payments: readonly Payment[]
  readonly creditNotes: readonly CreditNote[]
  readonly history: Readonly<Record<string, readonly HistoryRecord[]>>
}

export interface StoreHooks {
  readonly dirty: () => void
  readonly announce: (tenantId: string, changes: readonly Change[]) => void
}

/** Everything one organisation's books hold. */
export class OrganisationStore {
  readonly #journal = new Journal()
  readonly #hooks: StoreHooks
  #changes: Change[] = []
  #depth = 0
  #organisation: Organisation

  readonly contactByName = new Index<Contact>((c) => (c.ContactStatus === 'ACTIVE' ? fold(c.Name) : undefined))
  readonly contactByNumber = new Index<Contact>((c) => c.ContactNumber || undefined)
  readonly contactByAccountNumber = new Index<Contact>((c) =>
    c.ContactStatus === 'ACTIVE' && c.AccountNumber ? fold(c.AccountNumber) : undefined,
  )
  readonly itemByCode = new Index<Item>((item) => item.Code.toLowerCase())
  readonly accountByCode = new Index<Account>((account) => account.Code.toLowerCase())
  /** Sales invoices that still hold their number: deleting a draft frees it, voiding doesn't. */
  readonly invoiceByNumber = new Index<Invoice>((i) =>
    i.Type === 'ACCREC' && i.Status !== 'DELETED' ? i.InvoiceNumber.toLowerCase() : undefined,
  )
  readonly invoiceByContact = new Index<Invoice>((i) => i.ContactID)
  /** Whom we sell to and buy from: contact and type of every document that stands. */
  readonly trade = new Index<Invoice>((i) =>
    i.Status === 'DELETED' || i.Status === 'VOIDED' ? undefined : `${i.ContactID} ${i.Type}`,
  )
  readonly paymentByInvoice = new Index<Payment>((p) => p.InvoiceID)
  readonly creditByInvoice = new Index<CreditNote>((c) => c.Allocations.map((a) => a.InvoiceID))

  readonly contacts: Table<Contact>
  readonly items: Table<Item>
  readonly accounts: Table<Account>
  readonly taxRates: Table<TaxRate>
  readonly trackingCategories: Table<TrackingCategory>
  readonly invoices: Table<Invoice>
  readonly payments: Table<Payment>
  readonly creditNotes: Table<CreditNote>
  readonly #history = new Map<string, HistoryRecord[]>()

  constructor(organisation: Organisation, hooks: StoreHooks) {
    this.#organisation = organisation
    this.#hooks = hooks
    const common = { journal: this.#journal, changed: hooks.dirty }
    this.contacts = new Table<Contact>({
      ...common,
      id: (c) => c.ContactID,
      indexes: [this.contactByName, this.contactByNumber, this.contactByAccountNumber],
    })
    this.items = new Table<Item>({ ...common, id: (i) => i.ItemID, indexes: [this.itemByCode] })
    this.accounts = new Table<Account>({ ...common, id: (a) => a.AccountID, indexes: [this.accountByCode] })
    this.taxRates = new Table<TaxRate>({ ...common, id: (t) => t.TaxType })
    this.trackingCategories = new Table<TrackingCategory>({ ...common, id: (t) => t.TrackingCategoryID })
    this.invoices = new Table<Invoice>({
      ...common,
      id: (i) => i.InvoiceID,
      indexes: [this.invoiceByNumber, this.invoiceByContact, this.trade],
    })
    this.payments = new Table<Payment>({ ...common, id: (p) => p.PaymentID, indexes: [this.paymentByInvoice] })
    this.creditNotes = new Table<CreditNote>({ ...common, id: (c) => c.CreditNoteID, indexes: [this.creditByInvoice] })
  }

  get organisation(): Organisation {
    return this.#organisation
  }

  setOrganisation(organisation: Organisation): void {
    this.#organisation = organisation
    this.#hooks.dirty()
  }

  putContact(contact: Contact): Contact {
    this.#note('CONTACT', contact.ContactID, this.contacts.put(contact), contact.updatedAt)
    return contact
  }

  /** @param silent no webhook: what Xero doesn't tell of */
  putInvoice(invoice: Invoice, silent = false): Invoice {
    const kind = this.invoices.put(invoice)
    if (!silent) this.#note('INVOICE', invoice.InvoiceID, kind)
    return invoice
  }

  history(documentId: string): readonly HistoryRecord[] {
    return this.#history.get(documentId) ?? []
  }

  addHistory(documentId: string, record: HistoryRecord): void {
    const records = this.#history.get(documentId) ?? []
    records.push(record)
    this.#history.set(documentId, records)
    this.#journal.note(() => void records.splice(records.indexOf(record), 1))
    this.#hooks.dirty()
  }

  /** All of `work`'s changes, or (when it answers `keep: false` or throws) none; webhooks hear of them only when they stay. */
  atomically<T extends { readonly keep: boolean }>(work: () => T): T {
    this.#depth++
    try {
      const result = this.#journal.atomically(work)
      if (!result.keep) this.#changes = []
      return result
    } catch (cause) {
      this.#changes = []
      throw cause
    } finally {
      this.#depth--
      this.#flush()
    }
  }

  snapshot(): OrganisationSnapshot {
    return {
      organisation: this.#organisation,
      contacts: [...this.contacts.all()],
      items: [...this.items.all()],
      accounts: [...this.accounts.all()],
      taxRates: [...this.taxRates.all()],
      trackingCategories: [...this.trackingCategories.all()],
      invoices: [...this.invoices.all()],
      payments: [...this.payments.all()],
      creditNotes: [...this.creditNotes.all()],
      history: Object.fromEntries(this.#history),
    }
  }

  load(snapshot: OrganisationSnapshot): void {
    this.#organisation = snapshot.organisation
    this.contacts.load(snapshot.contacts)
    this.items.load(snapshot.items)
    this.accounts.load(snapshot.accounts)
    this.taxRates.load(snapshot.taxRates)
    this.trackingCategories.load(snapshot.trackingCategories)
    this.invoices.load(snapshot.invoices)
    this.payments.load(snapshot.payments)
    this.creditNotes.load(snapshot.creditNotes)
    this.#history.clear()
    for (const [id, records] of Object.entries(snapshot.history)) this.#history.set(id, [...records])
  }

  #note(category: Change['category'], id: string, kind: ChangeKind, at?: number): void {
    this.#changes.push({ category, id, kind, ...(at === undefined ? {} : { at }) })
    if (this.#depth === 0) this.#flush()
  }

  #flush(): void {
    if (this.#depth > 0 || this.#changes.length === 0) return
    const changes = this.#changes
    this.#changes = []
    this.#hooks.announce(this.#organisation.OrganisationID, changes)
  }
}
