import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import type { Detail } from './invoice.js'

const words = text.invoice

/** Takes an invoice back, in Xero first, or gives one up that is in doubt. Nothing that was paid can be voided there, so it isn't offered. */
export function Void({ invoice: { id, number, state, amountPaid } }: { invoice: Detail }) {
  const [open, { open: ask, close }] = useDisclosure(false)
  const job = useJob('voidInvoice', { id })
  const mayChange = useMayChange()
  if (job.id) return <JobProgress id={job.id} onHide={job.forget} />
  const inDoubt = state === 'unknown'
  if (!mayChange || (!inDoubt && state !== 'issued') || Number(amountPaid ?? 0) > 0) return null
  const [label, title, hint] = inDoubt
    ? [words.giveUp, words.giveUpTitle(number ?? ''), words.giveUpHint(number ?? '')]
    : [words.void, words.voidTitle(number ?? ''), words.voidHint]
  return (
    <Group justify="flex-end">
      <Button variant="subtle" color="red" onClick={ask}>
        {label}
      </Button>
      <Modal opened={open} onClose={close} title={title}>
        <Stack>
          <Text size="sm">{hint}</Text>
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={close}>
              {text.cancel}
            </Button>
            <Button
              color="red"
              loading={job.start.isPending}
              onClick={() => job.start.mutate({}, { onSuccess: close, onError: tellFailed })}
            >
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  )
}
