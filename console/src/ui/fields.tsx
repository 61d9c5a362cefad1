import { Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { text } from '../text/index.js'

type Name = keyof typeof text.sync.fields
export type Values = Readonly<Partial<Record<Name, string | null>>>
const names = Object.keys(text.sync.fields) as Name[]

/** One side of a comparison: whose values these are, and what stands under them. */
export interface Side {
  readonly key: string
  readonly title: ReactNode
  readonly values: Values
  readonly foot?: ReactNode
}

export const fieldName = (name: string): string => text.sync.fields[name as Name] ?? name

/** A value as it is; that there is none is said, since a gap would look like a fault. */
export const Value = ({ of, strong = false }: { of: string | null | undefined; strong?: boolean }) =>
  of ? (
    <Text span size="sm" fw={strong ? 650 : 400}>
      {of}
    </Text>
  ) : (
    <Text span size="sm" c="dimmed" fs="italic">
      {text.fields.empty}
    </Text>
  )

/** The same fields of several sides beside each other; what differs from the first side stands out. Fields that nobody has are left out. */
export function SideBySide({ label, sides }: { label: string; sides: readonly Side[] }) {
  const shown = names.filter((name) => sides.some(({ values }) => values[name]))
  const [first] = sides
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    // biome-ignore lint/a11y/useSemanticElements: no fieldset; a table that scrolls has to be reached and named
    <div role="group" className="scroll" tabIndex={0} aria-label={label}>
      <Table aria-label={label} miw={sides.length * 190 + 120} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={140}>{text.fields.field}</Table.Th>
            {sides.map(({ key, title }) => (
              <Table.Th key={key}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((name) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" className="heading">
                {fieldName(name)}
              </Table.Th>
              {sides.map(({ key, values }) => (
                <Table.Td key={key} className={differs(first?.values[name], values[name]) ? 'differs' : undefined}>
                  <Value of={values[name]} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
        {sides.some(({ foot }) => foot) && (
          <Table.Tfoot>
            <Table.Tr>
              <Table.Td />
              {sides.map(({ key, foot }) => (
                <Table.Td key={key}>{foot}</Table.Td>
              ))}
            </Table.Tr>
          </Table.Tfoot>
        )}
      </Table>
    </div>
  )
}

const differs = (one: string | null | undefined, other: string | null | undefined) => (one ?? '') !== (other ?? '')
