import express, { type Request, type Response, Router } from 'express'
import { PersonInXero, Refused } from '../control/actions.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { World } from '../world.js'
import { contactPage, invoicePage, officePaths } from './pages.js'

/** The pages of Xero that the product links to: what a person does there by hand can be done here by hand. */
export function officeRouter(world: World): Router {
  const router = Router()
  const form = [onlyOwnPages, express.urlencoded({ extended: false })]
  const invoiceOf = ({ query }: Request) =>
    find(world, (store) => store.invoices.get(String(query.InvoiceID).toLowerCase()))
  const contactOf = ({ params }: Request) => find(world, (store) => store.contacts.get(String(params.id).toLowerCase()))

  router.get(officePaths.invoice, (req, res) => {
    const found = invoiceOf(req)
    if (!found) return void res.sendStatus(404)
    res.type('html').send(invoicePage(found.store, found.row))
  })
  router.post(officePaths.invoice, form, (req: Request, res: Response) => {
    const found = invoiceOf(req)
    if (!found) return void res.sendStatus(404)
    const { store, row } = found
    const person = new PersonInXero(world, store)
    const act = () =>
      req.body?.action === 'pay'
        ? void person.pay(row.InvoiceID, {})
        : void person.editInvoice(row.InvoiceID, { Status: 'AUTHORISED' })
    answer(req, res, act, (problem) => invoicePage(store, row, problem))
  })
  router.get(officePaths.contact, (req, res) => {
    const found = contactOf(req)
    if (!found) return void res.sendStatus(404)
    res.type('html').send(contactPage(found.row))
  })
  router.post(officePaths.contact, form, (req: Request, res: Response) => {
    const found = contactOf(req)
    if (!found) return void res.sendStatus(404)
    const { store, row } = found
    const { Name, EmailAddress, FirstName, LastName } = req.body ?? {}
    const act = () =>
      void new PersonInXero(world, store).editContact(row.ContactID, { Name, EmailAddress, FirstName, LastName })
    answer(req, res, act, (problem) => contactPage(row, problem))
  })
  return router
}

function find<T>(world: World, read: (store: OrganisationStore) => T | undefined) {
  for (const store of world.stores) {
    const row = read(store)
    if (row) return { store, row }
  }
  return undefined
}

/** Done: the page anew. Refused by Xero's rules: the same page with the reason. */
function answer(req: Request, res: Response, act: () => void, page: (problem: string) => string): void {
  try {
    act()
    res.redirect(303, req.originalUrl)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    res.status(400).type('html').send(page(error.message))
  }
}

/** A page of another origin must not press these buttons. */
function onlyOwnPages(req: Request, res: Response, next: () => void): void {
  const origin = req.get('origin')
  if (origin === undefined || origin === `http://${req.get('host')}`) next()
  else res.sendStatus(403)
}
