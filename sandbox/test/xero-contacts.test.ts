import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Connected, connected, messages } from './xero-harness.js'

let xero: Connected
beforeAll(async () => {
  xero = await connected()
})
afterAll(() => xero.close())

const put = (contacts: object[], query = '') => xero.call('PUT', `/Contacts${query}`, { Contacts: contacts })
const post = (contacts: object[], query = '') => xero.call('POST', `/Contacts${query}`, { Contacts: contacts })
const made = async (contact: object) => (await put([contact])).body.Contacts[0]

describe('reading contacts', () => {
  it('gives Xero’s envelope and fixed slots', async () => {
    const { body, headers } = await xero.call('GET', '/Contacts?page=1&pageSize=5')
    expect(body).toMatchObject({ Status: 'OK', pagination: { page: 1, pageSize: 5, itemCount: 57, pageCount: 12 } })
    expect(body.DateTimeUTC).toMatch(/^\/Date\(\d+\+0000\)\/$/)
    expect(headers.get('xero-correlation-id')).toMatch(/^[0-9a-f-]{36}$/)
    const [contact] = body.Contacts
    expect(contact.Phones.map((p: { PhoneType: string }) => p.PhoneType)).toEqual(['DDI', 'DEFAULT', 'FAX', 'MOBILE'])
    expect(contact.Addresses.map((a: { AddressType: string }) => a.AddressType)).toEqual(['POBOX', 'STREET'])
  })

  it('clamps page sizes, gives no pagination without a page, and an empty page after the last', async () => {
    expect((await xero.call('GET', '/Contacts?page=1&pageSize=5000')).body.pagination.pageSize).toBe(1000)
    expect((await xero.call('GET', '/Contacts?page=0&pageSize=0')).body.pagination).toMatchObject({
      page: 1,
      pageSize: 100,
    })
    const unpaged = await xero.call('GET', '/Contacts')
    expect(unpaged.body.pagination).toBeUndefined()
    expect(unpaged.body.Contacts.length).toBeGreaterThan(50)
    expect((await xero.call('GET', '/Contacts?page=99')).body.Contacts).toEqual([])
  })

  it('hides archived contacts unless asked, and shows where a merged one went only when paged or alone', async () => {
    const merged = (
      await xero.call(
        'GET',
        `/Contacts?page=1&includeArchived=true&where=${encodeURIComponent('Name=="Harbour Freight"')}`,
      )
    ).body.Contacts[0]
    expect(merged).toMatchObject({ ContactStatus: 'ARCHIVED' })
    expect(merged.MergedToContactID).toMatch(/^[0-9a-f-]{36}$/)
    const target = (await xero.call('GET', `/Contacts/${merged.MergedToContactID}`)).body.Contacts[0]
    expect(target.Name).toBe('Harbour Freight Logistics')
    const list = (await xero.call('GET', '/Contacts?includeArchived=true')).body.Contacts
    const unpaged = list.find((c: { ContactID: string }) => c.ContactID === merged.ContactID)
    expect(unpaged).not.toHaveProperty('MergedToContactID')
    const visible = (await xero.call('GET', '/Contacts')).body.Contacts
    expect(visible.some((c: { ContactID: string }) => c.ContactID === merged.ContactID)).toBe(false)
  })

  it('compares names and e-mails without case and accents', async () => {
    for (const where of [
      'Name=="CAFE voltaire"',
      'EmailAddress="BONJOUR@cafevoltaire.co.example"',
      'name != null AND Name.StartsWith("kowhai")',
    ]) {
      const { body } = await xero.call('GET', `/Contacts?where=${encodeURIComponent(where)}`)
      expect(body.Contacts).toHaveLength(1)
    }
    expect((await xero.call('GET', '/Contacts?searchTerm=elodie')).body.Contacts).toHaveLength(1)
    expect((await xero.call('GET', '/Contacts?where=Nonsense==1')).body).toMatchObject({ Type: 'QueryParseException' })
  })

  it('gives what changed since a second, in order of change', async () => {
    await made({ Name: 'Changed One' })
    xero.xero.control.moveClock({ advanceMs: 5000 })
    const second = await made({ Name: 'Changed Two' })
    const at = Number(/\d+/.exec(second.UpdatedDateUTC)?.[0])
    const since = new Date(Math.floor(at / 1000) * 1000 + 999).toISOString()
    const { body } = await xero.call('GET', '/Contacts?page=1', undefined, { 'if-modified-since': since })
    expect(body.Contacts.map((c: { Name: string }) => c.Name)).toEqual(['Changed Two'])
    const later = new Date(at + 1000).toISOString()
    expect((await xero.call('GET', '/Contacts', undefined, { 'if-modified-since': later })).body.Contacts).toEqual([])
  })

  it('finds by ids, by ContactNumber, sorts, and answers 404 with nothing in it', async () => {
    const a = await made({ Name: 'Aa numbered', ContactNumber: 'client/1 é' })
    const b = await made({ Name: 'Zz other' })
    const { body } = await xero.call('GET', `/Contacts?IDs=${a.ContactID},${b.ContactID}&order=Name%20DESC`)
    expect(body.Contacts.map((c: { Name: string }) => c.Name)).toEqual(['Zz other', 'Aa numbered'])
    expect((await xero.call('GET', `/Contacts/${encodeURIComponent('client/1 é')}`)).body.Contacts[0].ContactID).toBe(
      a.ContactID,
    )
    const gone = await xero.call('GET', '/Contacts/11111111-1111-4111-8111-111111111111')
    expect([gone.status, gone.text, gone.headers.get('content-type')]).toEqual([404, '', 'text/html; charset=utf-8'])
  })

  it('shows payment terms to those who page, and knows customers by their invoices', async () => {
    const where = (text: string) => `/Contacts?page=1&where=${encodeURIComponent(text)}`
    const [freight] = (await xero.call('GET', where('Name=="Harbour Freight Logistics"'))).body.Contacts
    expect(freight.PaymentTerms).toEqual({ Sales: { Day: 20, Type: 'OFFOLLOWINGMONTH' } })
    expect((await xero.call('GET', where('IsCustomer==true'))).body.Contacts).toEqual([])
    xero.xero.control
      .person()
      .createInvoice({ Type: 'ACCREC', Contact: { ContactID: freight.ContactID }, LineItems: [{ Description: 'x' }] })
    const customers = (await xero.call('GET', where('IsCustomer==true'))).body.Contacts
    expect(customers.map((c: { ContactID: string }) => c.ContactID)).toEqual([freight.ContactID])
  })

  it('leaves out the heavy fields in a summary, and pages it', async () => {
    const { body } = await xero.call('GET', '/Contacts?summaryOnly=true')
    expect(body.pagination).toMatchObject({ page: 1, pageSize: 100 })
    for (const field of ['Addresses', 'ContactPersons', 'IsCustomer', 'ContactGroups'])
      expect(body.Contacts[0]).not.toHaveProperty(field)
  })
})

describe('writing contacts', () => {
  it('PUT refuses a name that an active contact has, whatever its case and accents', async () => {
    const reply = await put([{ Name: 'cafe VOLTAIRE' }])
    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({
      ErrorNumber: 10,
      Type: 'ValidationException',
      Message: 'A validation exception occurred',
    })
    const [element] = reply.body.Elements
    expect(element.ContactID).toBe('00000000-0000-0000-0000-000000000000')
    expect(messages(element)).toEqual([
      'The contact name cafe VOLTAIRE is already assigned to another contact. The contact name must be unique across all active contacts.',
    ])
  })

  it('an archived contact frees its name and can’t be edited, brought back or archived again', async () => {
    const contact = await made({ Name: 'Soon gone', ContactNumber: 'gone-1' })
    expect(
      (await post([{ ContactID: contact.ContactID, ContactStatus: 'ARCHIVED' }])).body.Contacts[0].ContactStatus,
    ).toBe('ARCHIVED')
    for (const edit of [{ ContactStatus: 'ACTIVE' }, { Name: 'New' }, { ContactStatus: 'ARCHIVED' }]) {
      const refused = await post([{ ContactID: contact.ContactID, ...edit }])
      expect(messages(refused.body.Elements[0])[0]).toContain(
        'Archived contacts cannot currently be edited via the API.',
      )
      expect(refused.body.Elements[0].ContactID).toBe(contact.ContactID)
    }
    expect(messages((await put([{ Name: 'Soon gone', ContactNumber: 'gone-1' }])).body.Elements[0])[0]).toContain(
      'matched an archived contact',
    )
    expect((await put([{ Name: 'Soon gone' }])).status).toBe(200)
  })

  it('POST finds by id, by ContactNumber, and by name alone; a new number with a taken name is refused', async () => {
    const contact = await made({ Name: 'Found thrice', ContactNumber: 'thrice' })
    const ids = []
    for (const key of [{ ContactID: contact.ContactID }, { ContactNumber: 'thrice' }, { Name: 'FOUND thrice' }]) {
      ids.push((await post([{ ...key, FirstName: 'F' }])).body.Contacts[0].ContactID)
    }
    expect(new Set(ids)).toEqual(new Set([contact.ContactID]))
    expect((await post([{ Name: 'Found thrice', ContactNumber: 'other' }])).status).toBe(400)
    expect((await post([{ ContactID: '22222222-2222-4222-8222-222222222222', Name: 'x' }])).status).toBe(404)
    expect(
      (await xero.call('POST', `/Contacts/${contact.ContactID}`, { Contacts: [{ LastName: 'L' }] })).body.Contacts[0],
    ).toMatchObject({ FirstName: 'F', LastName: 'L' })
  })

  it('keeps what isn’t sent, merges phones and addresses by slot, takes persons as the whole', async () => {
    const contact = await made({
      Name: 'Slots',
      Phones: [
        { PhoneType: 'DEFAULT', PhoneNumber: '1' },
        { PhoneType: 'MOBILE', PhoneNumber: '2' },
      ],
      Addresses: [{ AddressType: 'POBOX', City: 'Nelson' }],
      ContactPersons: [{ FirstName: 'A' }, { FirstName: 'B' }],
    })
    const edit = {
      ContactID: contact.ContactID,
      Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '3' }],
      Addresses: [{ AddressType: 'STREET', City: 'Otaki' }],
      ContactPersons: [{ FirstName: 'C' }],
    }
    const [after] = (await post([edit])).body.Contacts
    expect(after.Phones.map((p: { PhoneNumber: string }) => p.PhoneNumber)).toEqual(['', '1', '', '3'])
    expect(after.Addresses.map((a: { City: string }) => a.City)).toEqual(['Nelson', 'Otaki'])
    expect(after.ContactPersons).toEqual([{ FirstName: 'C', IncludeInEmails: false }])
    const [blanked] = (
      await post([{ ContactID: contact.ContactID, Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '' }] }])
    ).body.Contacts
    expect(blanked.Phones[3].PhoneNumber).toBe('')
  })

  it('with summarizeErrors=false one bad element doesn’t stop its neighbours', async () => {
    const reply = await put(
      [{ Name: 'Neighbour A' }, { Name: '' }, { Name: 'Bad mail', EmailAddress: 'nobody' }, { Name: 'Neighbour B' }],
      '?summarizeErrors=false',
    )
    expect(reply.status).toBe(200)
    expect(reply.body.Contacts.map((c: { StatusAttributeString: string }) => c.StatusAttributeString)).toEqual([
      'OK',
      'ERROR',
      'ERROR',
      'OK',
    ])
    expect(messages(reply.body.Contacts[2])).toEqual(['Email address must be valid.'])
    expect(reply.body.Contacts[2]).toMatchObject({ HasValidationErrors: true, Name: 'Bad mail' })
  })

  it('by default one bad element refuses all, and nothing of the batch stays', async () => {
    const before = xero.xero.control.ledger().totals.contacts
    const reply = await put([{ Name: 'Never kept' }, { Name: 'x'.repeat(256) }])
    expect(reply.status).toBe(400)
    expect(reply.body.Elements).toHaveLength(1)
    expect(xero.xero.control.ledger().totals.contacts).toBe(before)
    expect((await put([{ Name: 'Never kept' }])).status).toBe(200)
  })

  it('two of one name in a batch: the second is refused', async () => {
    const reply = await put([{ Name: 'Twin' }, { Name: 'TWIN' }], '?summarizeErrors=false')
    expect(reply.body.Contacts.map((c: { StatusAttributeString: string }) => c.StatusAttributeString)).toEqual([
      'OK',
      'ERROR',
    ])
  })

  it.each([
    ['angle brackets', { Name: 'a <b>' }],
    ['a double space', { Name: 'a  b' }],
    ['a control character', { Name: 'a\u0007b' }],
    ['a name of 256', { Name: 'n'.repeat(256) }],
    ['six persons', { Name: 'Six', ContactPersons: Array.from({ length: 6 }, () => ({ FirstName: 'p' })) }],
    ['a phone of 51', { Name: 'Phone', Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '1'.repeat(51) }] }],
    ['digits in a country', { Name: 'Land', Addresses: [{ AddressType: 'STREET', Country: 'NZ1' }] }],
    ['a ContactNumber of 51', { Name: 'Num', ContactNumber: '1'.repeat(51) }],
    ['an umlaut in the e-mail', { Name: 'Mail', EmailAddress: 'jürgen@example.com' }],
    ['payment terms of no known kind', { Name: 'Terms', PaymentTerms: { Sales: { Day: 5, Type: 'SOMETIME' } } }],
    ['an account number that is taken', { Name: 'Acc', AccountNumber: 'wcc-0042' }],
  ])('refuses %s', async (_what, contact) => {
    const reply = await put([contact])
    expect(reply.status).toBe(400)
    expect(messages(reply.body.Elements[0])).toHaveLength(1)
  })

  it('takes 255 letters, emoji and apostrophes', async () => {
    for (const Name of ['ñ'.repeat(255), 'Rocket 🚀 & Söhne', "D'Arcy's"])
      expect((await put([{ Name }])).body.Contacts[0].Name).toBe(Name)
  })

  it('reads the list whatever its case, and refuses what is no JSON or no contact', async () => {
    expect((await xero.call('PUT', '/Contacts', { contacts: [{ Name: 'lower case' }] })).status).toBe(200)
    expect((await xero.call('PUT', '/Contacts', '{"Contacts":[')).body).toMatchObject({
      Type: 'PostDataInvalidException',
    })
    expect((await xero.call('PUT', '/Contacts', {})).body).toMatchObject({ Type: 'NoDataProcessedException' })
  })
})

describe('what people do to contacts', () => {
  it('merging moves the documents, archives and says where to', async () => {
    const person = xero.xero.control.person()
    const [from, into] = [await made({ Name: 'Merge from' }), await made({ Name: 'Merge into' })]
    const invoice = person.createInvoice({
      Type: 'ACCREC',
      Contact: { ContactID: from.ContactID },
      LineItems: [{ Description: 'x', UnitAmount: 1, AccountCode: '200' }],
    })
    person.mergeContact(from.ContactID, into.ContactID)
    expect((await xero.call('GET', `/Contacts/${from.ContactID}`)).body.Contacts[0]).toMatchObject({
      ContactStatus: 'ARCHIVED',
      MergedToContactID: into.ContactID,
    })
    expect((await xero.call('GET', `/Invoices/${invoice.InvoiceID}`)).body.Invoices[0].Contact.ContactID).toBe(
      into.ContactID,
    )
  })

  it('a person can bring an archived contact back, unless its name is taken', async () => {
    const person = xero.xero.control.person()
    const contact = await made({ Name: 'Comes back' })
    person.archiveContact(contact.ContactID)
    expect(person.restoreContact(contact.ContactID).ContactStatus).toBe('ACTIVE')
    person.archiveContact(contact.ContactID)
    await made({ Name: 'Comes back' })
    expect(() => person.restoreContact(contact.ContactID)).toThrow('already assigned')
  })
})

it('lists 10,000 contacts by the thousand quickly', async () => {
  const person = xero.xero.control.person()
  for (let i = 0; i < 10_000; i++) person.createContact({ Name: `Load ${i}`, EmailAddress: `load${i}@example.com` })
  const started = performance.now()
  let seen = 0
  for (let page = 1; page <= 11; page++)
    seen += (
      await xero.call(
        'GET',
        `/Contacts?page=${page}&pageSize=1000&where=${encodeURIComponent('Name.StartsWith("Load")')}`,
      )
    ).body.Contacts.length
  expect(seen).toBe(10_000)
  // About 1.5 s on two busy cores; ten times that would be a fault in the indexes.
  expect(performance.now() - started).toBeLessThan(15_000)
}, 60_000)
