import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { text } from '../text/index.js'
import { Answered, Empty } from './states.js'
import { type Column, type List, Pager, Rows } from './table.js'

/** One page of a list as a table with its pager, or what to do where there is nothing. */
export const Listed = <T,>({
  of,
  list,
  label,
  columns,
  keyOf,
  empty: [title, hint],
  action,
}: {
  of: UseQueryResult<{ readonly items: readonly T[]; readonly total: number; readonly nextCursor: string | null }>
  list: List
  label: string
  columns: readonly Column<T>[]
  keyOf: (row: T) => string
  empty: readonly [title: string, hint: string]
  action?: ReactNode
}) => (
  <Answered of={of} rows={10}>
    {({ items, total, nextCursor }) =>
      items.length === 0 ? (
        list.filtered ? (
          <Empty title={text.list.noneTitle} hint={text.list.noneHint} />
        ) : (
          <Empty title={title} hint={hint} action={action} />
        )
      ) : (
        <div>
          <Rows label={label} columns={columns} rows={items} keyOf={keyOf} fading={of.isPlaceholderData} />
          <Pager list={list} total={total} nextCursor={nextCursor} shown={items.length} />
        </div>
      )
    }
  </Answered>
)
