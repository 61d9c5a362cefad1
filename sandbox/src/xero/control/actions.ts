import { newId } from '@afo/kit'
import { Big } from 'big.js'
import { byPerson } from '../accounting/history.js'
import { writeInvoice } from '../accounting/invoices.js'
import { planContact } from '../rules/contact-rules.js'
import { today } from '../rules/dates.js'
import type { Element } from '../rules/element.js'
import { planItem } from '../rules/item-rules.js'
import { planCreditNote, planPayment, withSettlement } from '../rules/settlement.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Contact, CreditNote, Invoice, Item, Payment } from '../store/types.js'
import type { World } from '../world.js'

/** A thing that a person tried in Xero and was told off for. */
export class Refused extends Error {
  override readonly name = 'Refused'

  constructor(
    readonly messages: readonly string[],
    readonly status = 400,
  ) {
    super(messages.join('; '))
  }
}

const missing = (what: string) => new Refused([`${what} not found`], 404)

/** What a person does inside one organisation in Xero. */
export class PersonInXero {
  constructor(
    private readonly world: World,
    private readonly store: OrganisationStore,
  ) {}

  createContact(element: Element): Contact {
    return this.#saveContact(undefined, element)
  }

  editContact(id: string, element: Element): Contact {
    return this.#saveContact(this.#contact(id), element)
  }

  archiveContact(id: string): Contact {
    return this.store.putContact({ ...this.#contact(id), ContactStatus: 'ARCHIVED', updatedAt: this.#now() })
  }

  /** A person can bring an archived contact back; the API can't. */
  restoreContact(id: string): Contact {
    const { MergedToContactID: _merged, ...contact } = this.#contact(id)
    const plan = planContact(this.store, { ...contact, ContactStatus: 'ACTIVE' }, {}, id, this.#now())
    if (plan.errors) throw new Refused(plan.errors)
    return this.store.putContact(plan.contact)
  }

  /** Merges one contact into another: its documents move, it is archived and says where it went. */
  mergeContact(id: string, intoId: string): Contact {
    const [from, into] = [this.#contact(id), this.#contact(intoId)]
    if (from === into) throw new Refused(['A contact cannot be merged into itself'])
    this.store.atomically(() => {
      for (const invoice of this.store.invoices.allBy(this.store.invoiceByContact, id)) {
        this.store.putInvoice({ ...invoice, ContactID: intoId, updatedAt: this.#now() })
      }
      this.store.putContact({ ...from, ContactStatus: 'ARCHIVED', MergedToContactID: intoId, updatedAt: this.#now() })
      return { keep: true }
    })
    return this.#contact(id)
  }

  createItem(element: Element): Item {
    return this.#saveItem(undefined, element)
  }

  editItem(id: string, element: Element): Item {
    return this.#saveItem(this.#item(id), element)
  }

  /** Deletes an item: it is simply no longer in the list. */
  removeItem(id: string): void {
    this.store.items.delete(this.#item(id).ItemID)
  }

  createInvoice(element: Element): Invoice {
    return this.#saveInvoice(undefined, element)
  }

  editInvoice(key: string, element: Element): Invoice {
    return this.#saveInvoice(this.#invoice(key), element)
  }

  pay(
    key: string,
    {
      amount,
      date,
      reference = '',
      accountCode = '090',
    }: { amount?: string; date?: string; reference?: string; accountCode?: string },
  ): Payment {
    const invoice = this.#invoice(key)
    const on = date ?? this.#today()
    const plan = planPayment(
      { invoice, amount: amount === undefined ? undefined : new Big(amount), date: on, reference, accountCode },
      this.#now(),
    )
    if ('error' in plan) throw new Refused([plan.error])
    this.store.payments.put(plan.payment)
    this.#resettle(
      invoice,
      on,
      `Payment received from ${this.store.contacts.get(invoice.ContactID)?.Name ?? ''} for ${plan.payment.Amount}.`,
      'Payment Received',
    )
    return plan.payment
  }

  /** Undoes a payment: the invoice is due again. */
  removePayment(id: string): Payment {
    const payment = this.store.payments.get(id)
    if (!payment) throw missing('Payment')
    const removed: Payment = { ...payment, Status: 'DELETED', updatedAt: this.#now() }
    this.store.payments.put(removed)
    this.#resettle(
      this.#invoice(payment.InvoiceID),
      this.#today(),
      `Payment of ${payment.Amount} removed.`,
      'Payment Deleted',
    )
    return removed
  }

  /** Writes a credit note and allocates all of it to the invoice. */
  credit(key: string, { amount, date }: { amount?: string; date?: string }): CreditNote {
    const invoice = this.#invoice(key)
    const on = date ?? this.#today()
    const number = `CN-${String(this.store.creditNotes.size + 1).padStart(4, '0')}`
    const plan = planCreditNote(
      { invoice, amount: amount === undefined ? undefined : new Big(amount), date: on, number },
      this.#now(),
    )
    if ('error' in plan) throw new Refused([plan.error])
    this.store.creditNotes.put(plan.creditNote)
    this.#resettle(invoice, on, `Credit note ${number} for ${plan.creditNote.Total} applied.`, 'Credit Applied')
    return plan.creditNote
  }

  addNote(key: string, details: string): void {
    this.store.addHistory(this.#invoice(key).InvoiceID, {
      Changes: 'Note',
      Details: details,
      User: byPerson,
      at: this.#now(),
    })
  }

  #resettle(invoice: Invoice, on: string, Details: string, Changes: string): void {
    this.store.putInvoice(
      withSettlement(this.store, invoice, on, this.#now()),
      !this.world.webhooks.paymentRaisesInvoiceUpdate,
    )
    this.store.addHistory(invoice.InvoiceID, { Changes, Details, User: byPerson, at: this.#now() })
  }

  #saveContact(before: Contact | undefined, element: Element): Contact {
    const plan = planContact(this.store, before, element, newId(), this.#now())
    if (plan.errors) throw new Refused(plan.errors)
    return this.store.putContact(plan.contact)
  }

  #saveItem(before: Item | undefined, element: Element): Item {
    const plan = planItem(this.store, before, element, { id: newId(), now: this.#now(), unitDecimals: 4 })
    if (plan.errors) throw new Refused(plan.errors)
    this.store.items.put(plan.item)
    return plan.item
  }

  #saveInvoice(before: Invoice | undefined, element: Element): Invoice {
    const result = writeInvoice(
      { store: this.store, now: this.#now(), unitDecimals: 4, clientId: null },
      before,
      element,
    )
    if ('refused' in result) throw new Refused(result.refused)
    return result.invoice
  }

  #contact(id: string): Contact {
    const contact = this.store.contacts.get(id.toLowerCase())
    if (!contact) throw missing('Contact')
    return contact
  }

  #item(key: string): Item {
    const item =
      this.store.items.get(key.toLowerCase()) ?? this.store.items.by(this.store.itemByCode, key.toLowerCase())
    if (!item) throw missing('Item')
    return item
  }

  #invoice(key: string): Invoice {
    const invoice =
      this.store.invoices.get(key.toLowerCase()) ??
      this.store.invoices.by(this.store.invoiceByNumber, key.toLowerCase())
    if (!invoice) throw missing('Invoice')
    return invoice
  }

  #now = () => this.world.clock.now()
  #today = () => today(this.store.organisation.Timezone, this.#now())
}
