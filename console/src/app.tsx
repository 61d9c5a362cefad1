import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useSyncExternalStore } from 'react'
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router'
import { toProblem } from './api/problem.js'
import { sessionText, signedInEmail, subscribe } from './api/session.js'
import { Shell } from './shell/shell.js'
import { SignIn } from './shell/sign-in.js'
import { Crashed, Lost } from './shell/wrong.js'
import { Waiting } from './ui/states.js'

const pages = {
  overview: lazy(() => import('./pages/overview/page.js')),
  invoices: lazy(() => import('./pages/invoices/page.js')),
  preview: lazy(() => import('./pages/invoices/preview.js')),
  invoice: lazy(() => import('./pages/invoices/invoice.js')),
  inbox: lazy(() => import('./pages/inbox/page.js')),
  contacts: lazy(() => import('./pages/contacts/page.js')),
  client: lazy(() => import('./pages/contacts/client.js')),
  items: lazy(() => import('./pages/items.js')),
  reports: lazy(() => import('./pages/reports/page.js')),
  report: lazy(() => import('./pages/reports/report.js')),
  history: lazy(() => import('./pages/history/page.js')),
  settings: lazy(() => import('./pages/settings/page.js')),
}

const show = (Page: React.ComponentType) => (
  <Suspense fallback={<Waiting rows={6} height={32} />}>
    <Page />
  </Suspense>
)

const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      errorElement: <Crashed />,
      children: [
        { index: true, element: <Navigate to="/overview" replace /> },
        { path: 'overview', element: show(pages.overview) },
        { path: 'invoices', element: show(pages.invoices) },
        { path: 'invoices/preview/:costCentreId', element: show(pages.preview) },
        { path: 'invoices/:id', element: show(pages.invoice) },
        { path: 'inbox', element: show(pages.inbox) },
        { path: 'contacts', element: show(pages.contacts) },
        { path: 'contacts/:id', element: show(pages.client) },
        { path: 'items', element: show(pages.items) },
        { path: 'reports', element: show(pages.reports) },
        { path: 'reports/:id', element: show(pages.report) },
        { path: 'history', element: show(pages.history) },
        { path: 'settings', element: <Navigate to="/settings/xero" replace /> },
        { path: 'settings/xero', element: show(pages.settings) },
        { path: '*', element: <Lost /> },
      ],
    },
  ],
  { basename: '/app' },
)

/** Only what may pass by itself is asked again: no answer, or an outage. */
const passing = (error: Error) => [0, 429, 502, 504].includes(toProblem(error).status)

const newMemory = () =>
  new QueryClient({
    defaultOptions: { queries: { staleTime: 5_000, retry: (count, error) => count < 2 && passing(error) } },
  })

const isSignedIn = () => sessionText() !== null

/** The pages for who is signed in, the sign-in for everybody else; the address stays, so that one goes on where one was. */
export function App() {
  const signedIn = useSyncExternalStore(subscribe, isSignedIn)
  const who = useSyncExternalStore(subscribe, signedInEmail)
  // Nothing that one person was shown stays for the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person, another memory
  const client = useMemo(newMemory, [who])
  if (!signedIn) return <SignIn />
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}
