import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.js'
import { toProblem } from '../../api/problem.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { tellDone, tellFailed } from '../../ui/notify.js'
import { Answered, Section } from '../../ui/states.js'
import { Tag } from '../../ui/tags.js'

const words = text.connection

/** The choice among the organisations that one consent covers; not shown where there is nothing to choose. */
export function Organisations({ needed }: { needed: boolean }) {
  const list = useAsk('listOrganisations')
  const mayChange = useMayChange()
  const select = useTell('selectOrganisation', ['readXeroSettings', 'listOrganisations', 'readSyncStatus'])
  const [refused, setRefused] = useState<{ tenantId: string; why: string } | null>(null)
  const use = (tenantId: string, force?: true) =>
    select.mutate(
      { params: { tenantId }, query: { force } },
      {
        onSuccess: ({ tenantName }) => {
          setRefused(null)
          tellDone(words.justConnected(tenantName))
        },
        onError: (error) => {
          const problem = toProblem(error)
          if (problem.status === 409) setRefused({ tenantId, why: problem.detail })
          else tellFailed(error)
        },
      },
    )
  if (!needed && (list.data?.organisations.length ?? 0) < 2) return null
  return (
    <Section title={words.choose} hint={words.chooseHint(list.data?.organisations.length ?? 0)}>
      <Answered of={list} rows={2}>
        {({ organisations }) => (
          <Stack gap="xs">
            {organisations.map(({ tenantId, tenantName, selected }) => (
              <Group key={tenantId} justify="space-between">
                <Text>{tenantName}</Text>
                {selected ? (
                  <Tag of={words.chosen} />
                ) : (
                  mayChange && (
                    <Button size="xs" variant="default" loading={select.isPending} onClick={() => use(tenantId)}>
                      {words.use}
                    </Button>
                  )
                )}
              </Group>
            ))}
          </Stack>
        )}
      </Answered>
      <Modal opened={refused !== null} onClose={() => setRefused(null)} title={words.changeTitle}>
        <Stack>
          <Text>{refused?.why}</Text>
          <Group justify="flex-end">
            <Button variant="default" data-autofocus onClick={() => setRefused(null)}>
              {text.cancel}
            </Button>
            <Button color="red" onClick={() => refused && use(refused.tenantId, true)}>
              {words.changeAnyway}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  )
}
