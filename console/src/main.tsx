import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './ui/page.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { toProblem } from './api/problem.js'
import { App } from './app.js'
import { resolver, theme } from './ui/theme.js'

/** Only what may pass by itself is asked again: no answer, or an outage. */
const passing = (error: Error) => [0, 429, 502, 504].includes(toProblem(error).status)

const client = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (count, error) => count < 2 && passing(error) },
    mutations: { retry: false },
  },
})

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto">
        <Notifications position="top-right" />
        <QueryClientProvider client={client}>
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
