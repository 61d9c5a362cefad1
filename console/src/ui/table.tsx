import { Button, Group, Select, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type ReactNode, useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import { text } from '../text/index.js'
import { formatCount } from './format.js'
import { Icon } from './icons.js'

export interface Column<T> {
  readonly title: string
  readonly cell: (row: T) => ReactNode
  /** Numbers stand on the right. */
  readonly numeric?: boolean
}

/** Rows of the question before, until those of this one are here. */
const aboutToChange = { 'aria-busy': true, style: { opacity: 0.6 } } as const

/** Rows under headings; scrolls sideways in itself where the screen is narrow. */
export const Rows = <T,>({
  label,
  columns,
  rows,
  keyOf,
  fading = false,
}: {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  fading?: boolean
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
  // biome-ignore lint/a11y/useSemanticElements: no fieldset; a table that scrolls has to be reached and named
  <div role="group" className="scroll" tabIndex={0} aria-label={label} {...(fading ? aboutToChange : {})}>
    <Table verticalSpacing="sm" highlightOnHover aria-label={label} miw={columns.length * 130}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ title, numeric }) => (
            <Table.Th key={title} ta={numeric ? 'right' : 'left'} className="heading">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={keyOf(row)}>
            {columns.map(({ title, cell, numeric }) => (
              <Table.Td key={title} ta={numeric ? 'right' : 'left'} className={numeric ? 'number' : undefined}>
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </div>
)

/** Search, filters and sorting live in the address, so that a list can be linked to; the page is reached by cursors. */
export function useList(filters: readonly string[]) {
  const [params, setParams] = useSearchParams()
  const [cursors, setCursors] = useState<readonly string[]>([])
  const chosen: Readonly<Record<string, string | undefined>> = Object.fromEntries(
    ['q', 'sort', ...filters].map((name) => [name, params.get(name) ?? undefined]),
  )
  const set = (name: string, value: string | null) => {
    setCursors([])
    setParams(
      (now) => {
        if (value) now.set(name, value)
        else now.delete(name)
        return now
      },
      { replace: true },
    )
  }
  return {
    sort: chosen.sort,
    query: { ...chosen, cursor: cursors.at(-1), limit: 25 },
    chosen,
    set,
    page: cursors.length,
    filtered: ['q', ...filters].some((name) => chosen[name]),
    next: (cursor: string) => setCursors((so) => [...so, cursor]),
    back: () => setCursors((so) => so.slice(0, -1)),
  }
}
export type List = ReturnType<typeof useList>

export function Search({ list, label }: { list: List; label: string }) {
  const [typed, setTyped] = useState(list.chosen.q ?? '')
  const [settled] = useDebouncedValue(typed, 250)
  const { set } = list
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed starts a search
  useEffect(() => {
    if (settled !== (list.chosen.q ?? '')) set('q', settled.trim() || null)
  }, [settled])
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      type="search"
      value={typed}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      leftSection={<Icon name="search" size={16} />}
      w={{ base: '100%', xs: 280 }}
    />
  )
}

export const Filter = ({
  list,
  name,
  label,
  options,
}: {
  list: List
  name: string
  label: string
  options: Readonly<Record<string, string>>
}) => (
  <Select
    aria-label={label}
    placeholder={label}
    data={Object.entries(options).map(([value, words]) => ({ value, label: words }))}
    value={list.chosen[name] ?? null}
    onChange={(value) => list.set(name, value)}
    clearable
    clearButtonProps={{ 'aria-label': text.list.clear(label) }}
    w={{ base: '100%', xs: 190 }}
  />
)

export const Pager = ({
  list,
  total,
  nextCursor,
  shown,
  size = 25,
}: {
  list: List
  total: number
  nextCursor: string | null
  shown: number
  size?: number
}) => {
  const first = list.page * size
  return (
    <Group justify="space-between" mt="md">
      <Text size="sm" c="dimmed" aria-live="polite">
        {text.list.range(formatCount(shown === 0 ? 0 : first + 1), formatCount(first + shown), formatCount(total))}
      </Text>
      <Group gap="xs">
        <Button variant="default" size="xs" disabled={list.page === 0} onClick={list.back}>
          {text.list.back}
        </Button>
        <Button variant="default" size="xs" disabled={!nextCursor} onClick={() => nextCursor && list.next(nextCursor)}>
          {text.list.next}
        </Button>
      </Group>
    </Group>
  )
}
