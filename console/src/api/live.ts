import type { EndpointName } from '@afo/contracts'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { backend } from './config.js'
import { accessToken } from './session.js'

/** Which answers a kind of fact makes old. */
const makesOld: Readonly<Record<string, readonly EndpointName[]>> = {
  job: ['listCommands', 'readCommand', 'readOverview', 'readSyncStatus', 'listRuns', 'listFailures'],
  invoice: ['listInvoices', 'readInvoice', 'listInvoiceCalls', 'listCostCentres', 'previewInvoices', 'readOverview'],
  contact: [
    'readOverview',
    'listClients',
    'readClient',
    'listFailures',
    'listMatches',
    'listConflicts',
    'listUnknownContacts',
  ],
  xero: ['readOverview', 'readXeroSettings', 'listOrganisations', 'listAccounts', 'listTaxRates'],
}
/** A job that ended has changed these. */
const endChanges: readonly EndpointName[] = [
  'listClients',
  'readClient',
  'listItems',
  'listInvoices',
  'listCostCentres',
  'listMatches',
  'listConflicts',
  'listUnknownContacts',
  'readContactPlan',
  'listUnbilled',
  'readCostCentre',
  'listReports',
  'readReport',
  'readSentinel',
]

const times = { gatherMs: 400, firstRetryMs: 1_000, longestRetryMs: 30_000 }

/** Follows what happens at the back end and refreshes what is shown. Answers whether the line stands. */
export function useLive(): boolean {
  const client = useQueryClient()
  const [open, setOpen] = useState(true)
  useEffect(() => {
    const over = new AbortController()
    const refresh = gatherer(client, over.signal)
    void follow(refresh, setOpen, over.signal)
    return () => over.abort()
  }, [client])
  return open
}

/** Many facts a second make one refresh: a sync of 10,000 contacts must not slow the page. */
function gatherer(client: QueryClient, signal: AbortSignal): (fact: string) => void {
  const old = new Set<EndpointName>()
  let timer: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(timer))
  return (fact) => {
    for (const name of makesOld[fact.split('.')[0] ?? ''] ?? []) old.add(name)
    if (fact === 'job.finished') for (const name of endChanges) old.add(name)
    timer ??= setTimeout(() => {
      timer = undefined
      const names = [...old]
      old.clear()
      for (const name of names) void client.invalidateQueries({ queryKey: [name] })
    }, times.gatherMs)
  }
}

/** Reads the event stream for as long as the page is there; after a break it goes on where it was. */
async function follow(on: (fact: string) => void, setOpen: (open: boolean) => void, signal: AbortSignal) {
  let after: string | undefined
  let wait = times.firstRetryMs
  while (!signal.aborted) {
    try {
      for await (const { id, event } of read(after, signal, () => setOpen(true))) {
        wait = times.firstRetryMs
        if (id) after = id
        if (event) on(event)
      }
    } catch {
      if (signal.aborted) return
      setOpen(false)
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
    wait = Math.min(wait * 2, times.longestRetryMs)
  }
}

async function* read(after: string | undefined, signal: AbortSignal, opened: () => void) {
  const token = await accessToken()
  if (token === null) throw new Error('signed out')
  const response = await fetch(`${backend}/admin/events`, {
    headers: { Authorization: `Bearer ${token}`, ...(after ? { 'Last-Event-ID': after } : {}) },
    signal,
  })
  if (!response.ok || !response.body) throw new Error(`events answered ${response.status}`)
  opened()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (text + value).split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) yield fieldsOf(block)
  }
}

function fieldsOf(block: string): { id: string | undefined; event: string | undefined } {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1]
  return { id: field('id'), event: field('event') }
}
