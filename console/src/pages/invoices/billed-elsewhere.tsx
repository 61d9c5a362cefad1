import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { newKey } from '../../api/client.js'
import { useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatDay } from '../../ui/format.js'
import { tellDone } from '../../ui/notify.js'
import { Failed } from '../../ui/states.js'
import type { Unbilled } from './unbilled.js'

const words = text.unbilled

/** Says that old work of a cost centre was billed outside, so that nobody looks for it again. */
export function BilledElsewhere({ row: { costCenterId, costCentre, newest } }: { row: Unbilled }) {
  const [open, { open: ask, close }] = useDisclosure(false)
  const [reason, setReason] = useState('')
  const mayChange = useMayChange()
  const mark = useTell('markBilledElsewhere', ['listUnbilled', 'readOverview', 'listCostCentres'])
  if (!mayChange || !costCenterId || !newest) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    mark.mutate(
      { body: { costCenterId, upTo: newest, reason }, idempotencyKey: newKey() },
      {
        onSuccess: ({ changed }) => {
          tellDone(words.marked(changed))
          close()
        },
      },
    )
  }
  return (
    <>
      <Button size="compact-xs" variant="default" aria-label={`${words.elsewhere}: ${costCentre}`} onClick={ask}>
        {words.elsewhere}
      </Button>
      <Modal opened={open} onClose={close} title={words.elsewhere}>
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">{words.elsewhereHint(costCentre, formatDay(newest))}</Text>
            <TextInput
              label={text.inbox.reason}
              required
              maxLength={500}
              data-autofocus
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
            {mark.isError && <Failed error={mark.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {text.cancel}
              </Button>
              <Button type="submit" loading={mark.isPending} disabled={reason.trim() === ''}>
                {words.elsewhere}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
