import { Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { newKey } from '../../../api/client.js'
import { useAsk, useTell } from '../../../api/hooks.js'
import { useMayChange } from '../../../shell/who.js'
import { text } from '../../../text/index.js'
import { tellDone } from '../../../ui/notify.js'
import { Save } from '../../../ui/save.js'
import { Answered, Section } from '../../../ui/states.js'
import { Retention } from '../retention.js'
import { ByEmail } from './by-email.js'
import { ByWebhook } from './by-webhook.js'
import { type Draft, draftOf, toBody, type Values } from './draft.js'
import { Test } from './test.js'
import { WhatAndWhen } from './what-and-when.js'

const words = text.alerts

/** Who is told what, and how long records are kept. */
export function AlertsAndRetention() {
  const now = useAsk('readAlertSettings')
  return (
    <div className="stack">
      <Section title={words.title} hint={words.hint}>
        <Answered of={now} rows={12}>
          {(values) => <Form saved={values} />}
        </Answered>
      </Section>
      <Retention />
    </div>
  )
}

function Form({ saved }: { saved: Values }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(saved))
  const [told, setTold] = useState(false)
  const mayChange = useMayChange()
  const save = useTell('writeAlertSettings', ['readAlertSettings'])
  const set = (changes: Partial<Draft>) => setDraft((so) => ({ ...so, ...changes }))
  const nobody = draft.byEmail && draft.email.to.length === 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTold(true)
    if (nobody) return
    save.mutate(
      { body: toBody(draft), idempotencyKey: newKey() },
      {
        onSuccess: (values) => {
          tellDone(text.settings.saved)
          setDraft(draftOf(values))
        },
      },
    )
  }
  return (
    <Stack gap="lg">
      <form onSubmit={submit}>
        <fieldset disabled={!mayChange} className="plain">
          <Stack gap="xl">
            <ByEmail draft={draft} set={set} saved={saved.saved} wrong={told && nobody} />
            <ByWebhook draft={draft} set={set} saved={saved.saved} />
            <WhatAndWhen draft={draft} set={set} />
            <Save of={save} label={words.save} />
          </Stack>
        </fieldset>
      </form>
      {mayChange && (saved.email !== null || saved.webhook) && <Test />}
    </Stack>
  )
}
