import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import type { Detail } from './invoice.js'

const words = text.invoice

/** Takes an invoice back, in Xero first. Nothing that was paid can be voided there, so it isn't offered. */
export function Void({ invoice: { id, number, state, amountPaid } }: { invoice: Detail }) {
  const [open, { open: ask, close }] = useDisclosure(false)
  const job = useJob('voidInvoice', { id })
  const mayChange = useMayChange()
  if (job.id) return <JobProgress id={job.id} onHide={job.forget} />
  if (!mayChange || state !== 'issued' || Number(amountPaid ?? 0) > 0) return null
  return (
    <Group justify="flex-end">
      <Button variant="subtle" color="red" onClick={ask}>
        {words.void}
      </Button>
      <Modal
        opened={open}
        onClose={close}
        title={words.voidTitle(number ?? '')}
        closeButtonProps={{ 'aria-label': text.cancel }}
      >
        <Stack>
          <Text size="sm">{words.voidHint}</Text>
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={close}>
              {text.cancel}
            </Button>
            <Button
              color="red"
              loading={job.start.isPending}
              onClick={() => job.start.mutate({}, { onSuccess: close, onError: tellFailed })}
            >
              {words.void}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  )
}
