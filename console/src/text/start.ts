export const start = {
  start: {
    title: 'Get started',
    hint: 'Six steps from here to your first paid invoice.',
    next: (n: number, of: number, title: string) => `Next, step ${n} of ${of}: ${title}`,
    steps: {
      connect: ['Connect Xero', 'Save the client id and secret of your Xero app, then allow access.'],
      clients: ['Sync clients', 'Links your clients with the contacts in Xero, and brings each side what it lacks.'],
      items: ['Import items', 'Brings prices, accounts and tax codes from Xero.'],
      account: [
        'Choose account, tax and first day',
        'Where sales are booked in Xero, and from which day on work is billed.',
      ],
      bill: ['Create the first invoices', 'Look at each invoice before it is made.'],
      paid: ['See it paid', 'Record the payment in Xero as always; the invoice turns to Paid here by itself.'],
    } as const,
    does: { syncClients: 'Sync clients now', syncItems: 'Import items now' },
    planFirst: 'See first what it would do',
    done: 'Done',
    go: 'Open',
  },
} as const
