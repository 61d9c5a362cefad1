import { NumberInput, SimpleGrid, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { tellDone } from '../../ui/notify.js'
import { Save } from '../../ui/save.js'
import { Answered, Section } from '../../ui/states.js'

const words = text.retention
type Values = AnswerOf<'readRetentionSettings'>
const fields = Object.keys(words.fields) as (keyof Values)[]

/** The gateway judges; these keep a hand from typing what it would refuse. */
const usual = [30, 3_650] as const
const limits: Readonly<Partial<Record<keyof Values, readonly [number, number]>>> = {
  audit: [365, 3_650],
  webhookEvents: [32, 3_650],
  idempotencyKeys: [1, 30],
}

/** How many days each kind of record is kept. */
export function Retention() {
  const now = useAsk('readRetentionSettings')
  return (
    <Section title={words.title} hint={words.hint}>
      <Answered of={now} rows={6}>
        {(values) => <Form saved={values} />}
      </Answered>
    </Section>
  )
}

function Form({ saved }: { saved: Values }) {
  const [values, setValues] = useState<Readonly<Record<keyof Values, number | string>>>(saved)
  const mayChange = useMayChange()
  const save = useTell('writeRetentionSettings', ['readRetentionSettings'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = Object.fromEntries(fields.map((name) => [name, Number(values[name])])) as Values
    save.mutate({ body }, { onSuccess: () => tellDone(text.settings.saved) })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }}>
          {fields.map((name) => {
            const [min, max] = limits[name] ?? usual
            return (
              <NumberInput
                key={name}
                label={words.fields[name][0]}
                description={words.fields[name][1]}
                suffix={words.days(Number(values[name]))}
                min={min}
                max={max}
                allowDecimal={false}
                required
                withAsterisk={false}
                readOnly={!mayChange}
                value={values[name]}
                onChange={(days) => setValues((so) => ({ ...so, [name]: days }))}
              />
            )
          })}
        </SimpleGrid>
        <Save of={save} label={words.save} />
      </Stack>
    </form>
  )
}
