import { Button, SimpleGrid, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { JobProgress } from '../../ui/job.js'
import { Failed, Section } from '../../ui/states.js'

const words = text.runs
const jobs = [
  ['syncClients', words.clients, words.clientsHint],
  ['syncItems', words.items, words.itemsHint],
  ['syncPayments', words.payments, words.paymentsHint],
] as const

/** The buttons that start by hand what the schedule starts by itself, each with its progress. */
export const SyncNow = () => (
  <Section title={words.title} hint={words.hint}>
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      {jobs.map(([name, label, hint]) => (
        <Starter key={name} name={name} label={label} hint={hint} />
      ))}
      <Stack gap={4}>
        <Button component={Link} to="/invoices?tab=ready" variant="default">
          {words.invoices}
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          {words.invoicesHint}
        </Text>
      </Stack>
    </SimpleGrid>
  </Section>
)

type Startable = (typeof jobs)[number][0] | 'makeReport'

/** One job by its button, with what it is for and how far it is. */
export function Starter({
  name,
  label,
  hint,
  body = {},
}: {
  name: Startable
  label: string
  hint: string
  body?: object
}) {
  const job = useJob(name)
  const mayChange = useMayChange()
  return (
    <Stack gap={4}>
      <Button
        variant="default"
        disabled={!mayChange}
        loading={job.start.isPending}
        onClick={() => job.start.mutate(body)}
      >
        {label}
      </Button>
      <Text size="xs" c="dimmed" ta="center">
        {hint}
      </Text>
      {job.start.isError && <Failed error={job.start.error} />}
      {job.id && <JobProgress key={job.id} id={job.id} onHide={job.forget} />}
    </Stack>
  )
}
