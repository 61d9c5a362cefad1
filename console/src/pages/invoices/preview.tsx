import { Alert, Anchor, Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { Fact } from '../../ui/fact.js'
import { formatDay, formatMoney } from '../../ui/format.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import { Answered, Empty, Failed, Page, Section } from '../../ui/states.js'
import { NextStep } from '../start/next-step.js'
import { Lines } from './lines.js'
import { Order } from './order.js'

const words = text.preview
type Preview = AnswerOf<'previewInvoices'>['invoices'][number]

/** The exact invoice of one cost centre, with every objection, before anything is written. */
export default function PreviewPage() {
  const { costCentreId = '' } = useParams()
  const job = useJob('createInvoice')
  const preview = useAsk('previewInvoices', { query: { costCenterId: costCentreId } }, { enabled: job.id === null })
  return (
    <Page
      title={words.title}
      hint={words.hint}
      actions={
        <Anchor component={Link} to="/invoices?tab=ready">
          {words.back}
        </Anchor>
      }
    >
      <NextStep />
      {job.id && (
        <>
          <JobProgress id={job.id} />
          <Anchor component={Link} to="/invoices">
            {words.made}
          </Anchor>
        </>
      )}
      <Answered of={preview} rows={10}>
        {({ invoices: [invoice] }) =>
          invoice ? (
            <Sheet invoice={invoice} job={job} again={preview.refetch} />
          ) : (
            <Empty title={words.gone} hint={words.goneHint} />
          )
        }
      </Answered>
      <Order id={costCentreId} />
    </Page>
  )
}

interface SheetProps {
  readonly invoice: Preview
  readonly job: ReturnType<typeof useJob<'createInvoice'>>
  readonly again: ReturnType<typeof useAsk<'previewInvoices'>>['refetch']
}

function Sheet({ invoice, job, again }: SheetProps) {
  const [overruled, setOverruled] = useState<readonly string[]>([])
  const [looking, setLooking] = useState(false)
  const [changed, setChanged] = useState(false)
  const mayChange = useMayChange()
  const stopped = invoice.objections.some(({ blocks, code }) => blocks && !overruled.includes(code))
  // Hours may have been approved while somebody read: what is created is what was looked at. An answer that says the same is the same object.
  const create = async () => {
    setLooking(true)
    const { data, error } = await again()
    setLooking(false)
    if (error) return tellFailed(error)
    const isAsShown = data?.invoices[0] === invoice
    setChanged(!isAsShown)
    if (isAsShown)
      job.start.mutate({
        costCenterId: invoice.costCenterId,
        expectedTotal: invoice.total,
        ...(overruled.length > 0 ? { force: [...overruled] } : {}),
      })
    else setOverruled([])
  }
  return (
    <>
      {invoice.objections.map((objection) => (
        <Objection
          key={objection.code}
          objection={objection}
          overruled={overruled.includes(objection.code)}
          onOverrule={(on) =>
            setOverruled((so) => (on ? [...so, objection.code] : so.filter((code) => code !== objection.code)))
          }
        />
      ))}
      <Section title={invoice.what}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
            <Fact name={words.to} value={invoice.contact?.name ?? '–'} />
            <Fact name={words.number} value={invoice.number ?? words.numberLater} />
            <Fact name={words.reference} value={invoice.reference ?? '–'} />
            <Fact name={words.issued} value={formatDay(invoice.issuedOn)} />
            <Fact name={words.due} value={formatDay(invoice.dueOn)} />
            <Fact name={words.status} value={words.statuses[invoice.status]} />
          </SimpleGrid>
          <Lines {...invoice} />
          <Text size="sm" c="dimmed">{`${words.note}: ${invoice.note}`}</Text>
          {invoice.leftOut.length > 0 && (
            <Alert color="orange" variant="light" title={words.leftOut(invoice.leftOut.length)}>
              {[...new Set(invoice.leftOut.map(({ why }) => why))].join(' · ')}
            </Alert>
          )}
          {changed && (
            <Alert color="orange" variant="light" title={words.changed} role="status">
              {words.changedHint}
            </Alert>
          )}
          {job.start.isError && <Failed error={job.start.error} />}
          {mayChange && (
            <Group justify="flex-end">
              <Button
                size="md"
                disabled={stopped || job.id !== null}
                loading={looking || job.start.isPending}
                onClick={() => void create()}
              >
                {words.create(formatMoney(invoice.total, invoice.currency))}
              </Button>
            </Group>
          )}
        </Stack>
      </Section>
    </>
  )
}

const Objection = ({
  objection: { title, detail, remedy, blocks, overrulable },
  overruled,
  onOverrule,
}: {
  objection: Preview['objections'][number]
  overruled: boolean
  onOverrule: (on: boolean) => void
}) => (
  <Alert color={blocks ? 'red' : 'orange'} variant="light" title={`${blocks ? words.blocks : words.warns}: ${title}`}>
    <Stack gap="xs">
      <Text size="sm">{detail}</Text>
      <Text size="sm" fw={600}>
        {remedy}
      </Text>
      {blocks && overrulable && (
        <Checkbox
          label={words.overrule}
          checked={overruled}
          onChange={({ currentTarget }) => onOverrule(currentTarget.checked)}
        />
      )}
    </Stack>
  </Alert>
)
