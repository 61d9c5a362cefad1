import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTell } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { tellDone } from '../../ui/notify.js'
import { Failed } from '../../ui/states.js'

const words = text.inbox

/** Asks why, since the next person will. */
export function Dismiss({ ids, onClose }: { ids: readonly string[]; onClose: (done: boolean) => void }) {
  const [reason, setReason] = useState('')
  const dismiss = useTell('dismissFailures', ['listFailures', 'readSyncStatus'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    dismiss.mutate(
      { body: { ids: [...ids], reason } },
      {
        onSuccess: () => {
          tellDone(words.dismissed)
          setReason('')
          onClose(true)
        },
      },
    )
  }
  return (
    <Modal opened={ids.length > 0} onClose={() => onClose(false)} title={words.dismissTitle}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{words.dismissHint}</Text>
          <TextInput
            label={words.reason}
            required
            maxLength={500}
            data-autofocus
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {dismiss.isError && <Failed error={dismiss.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onClose(false)}>
              {text.cancel}
            </Button>
            <Button type="submit" loading={dismiss.isPending} disabled={reason.trim() === ''}>
              {words.dismiss}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
