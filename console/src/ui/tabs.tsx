import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'

export interface Tab {
  readonly name: string
  readonly label: ReactNode
  readonly content: ReactNode
}

/** Tabs whose choice stands in the address; the first needs no word there. */
export function TabbedPage({ tabs, fallback = 0 }: { tabs: readonly Tab[]; fallback?: number }) {
  const [params, setParams] = useSearchParams()
  const usual = tabs[fallback]
  const chosen = tabs.find(({ name }) => name === params.get('tab')) ?? usual
  return (
    <Tabs
      value={chosen?.name ?? null}
      onChange={(name) => setParams(!name || name === usual?.name ? {} : { tab: name })}
      keepMounted={false}
    >
      <Tabs.List mb="lg">
        {tabs.map(({ name, label }) => (
          <Tabs.Tab key={name} value={name}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ name, content }) => (
        <Tabs.Panel key={name} value={name}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
