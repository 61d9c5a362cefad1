import { Alert, Button, Card, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { toProblem } from '../api/problem.js'
import { text } from '../text/index.js'

/** Why something could not be had: title, detail, request id, and another try. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { status, title, detail, requestId, errors } = toProblem(error)
  const known = status === 0 ? text.problem.unreachable : status === -1 ? text.problem.unexpected : null
  return (
    <Alert color="red" variant="light" title={known?.title ?? title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{known?.detail ?? detail}</Text>
        {errors.map(({ field, reason }) => (
          <Text size="sm" key={field}>{`${field} ${reason}`}</Text>
        ))}
        {requestId && (
          <Text size="sm">
            {text.problem.requestId} <Code>{requestId}</Code>
          </Text>
        )}
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {text.problem.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** Nothing here: why, and what to do next. */
export const Empty = ({ title, hint, action }: { title: string; hint: string; action?: ReactNode }) => (
  <Stack align="center" gap={6} py="xl" ta="center">
    <Text fw={600}>{title}</Text>
    <Text c="dimmed" size="sm" maw={460}>
      {hint}
    </Text>
    {action}
  </Stack>
)

/** Grey bars of the height that the content will have, so that nothing jumps. */
export const Waiting = ({ rows = 4, height = 22 }: { rows?: number; height?: number }) => (
  <Stack gap="sm" aria-busy="true" aria-label={text.loading} role="status">
    {Array.from({ length: rows }, (_, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name
      <Skeleton key={i} height={height} />
    ))}
  </Stack>
)

/** A question's answer, or its waiting or failed state. */
export function Answered<T>({
  of,
  rows,
  children,
}: {
  of: UseQueryResult<T>
  rows?: number
  children: (data: T) => ReactNode
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.isError) return <Failed error={of.error} retry={() => void of.refetch()} />
  return <Waiting rows={rows} />
}

export function Page({
  title,
  hint,
  actions,
  children,
}: {
  title: string
  hint?: string
  actions?: ReactNode
  children: ReactNode
}) {
  useDocumentTitle(`${title} · ${text.app}`)
  const heading = useRef<HTMLHeadingElement>(null)
  const { key, pathname } = useLocation()
  // Who goes to another page by keyboard or hears it read is taken there; the first one is begun at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address is another page
  useEffect(() => {
    if (key !== 'default') heading.current?.focus()
  }, [pathname])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1} size="h2" tabIndex={-1} id="page-title" ref={heading}>
            {title}
          </Title>
          {hint && <Text c="dimmed">{hint}</Text>}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  )
}

export const Section = ({
  title,
  hint,
  aside,
  children,
}: {
  title: string
  hint?: string
  aside?: ReactNode
  children: ReactNode
}) => (
  <Card withBorder padding="lg" component="section" aria-label={title}>
    <Group justify="space-between" mb="md" align="flex-start">
      <div>
        <Title order={2} size="h4">
          {title}
        </Title>
        {hint && (
          <Text c="dimmed" size="sm" maw={720}>
            {hint}
          </Text>
        )}
      </div>
      {aside}
    </Group>
    {children}
  </Card>
)
