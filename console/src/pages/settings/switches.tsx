import { Select, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { tellDone } from '../../ui/notify.js'
import { Save } from '../../ui/save.js'
import { Answered, Section } from '../../ui/states.js'

const words = text.sync
type Values = AnswerOf<'readSyncSettings'>
type Field = keyof typeof words.fields
type Rule = keyof typeof words.rules
const switches = Object.keys(words.switches) as (keyof typeof words.switches)[]
const fields = Object.keys(words.fields) as Field[]

/** Which things are kept in step, and who wins where both sides changed one field. */
export function Switches() {
  const now = useAsk('readSyncSettings')
  return (
    <Section title={words.title}>
      <Answered of={now} rows={8}>
        {(values) => <Form saved={values} />}
      </Answered>
    </Section>
  )
}

function Form({ saved }: { saved: Values }) {
  const [values, setValues] = useState(saved)
  const save = useTell('writeSyncSettings', ['readSyncSettings'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ body: values }, { onSuccess: () => tellDone(text.settings.saved) })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {switches.map((name) => (
            <Switch
              key={name}
              label={words.switches[name][0]}
              description={words.switches[name][1]}
              checked={values[name]}
              onChange={({ currentTarget: { checked } }) => setValues((so) => ({ ...so, [name]: checked }))}
            />
          ))}
        </SimpleGrid>
        <Select
          label={words.unknown}
          maw={360}
          allowDeselect={false}
          data={Object.entries(words.unknowns).map(([value, label]) => ({ value, label }))}
          value={values.unknownContacts}
          onChange={(value) =>
            value && setValues((so) => ({ ...so, unknownContacts: value as Values['unknownContacts'] }))
          }
        />
        <div>
          <Title order={3} size="h5">
            {words.owners}
          </Title>
          <Text size="sm" c="dimmed">
            {words.ownersHint}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }}>
          {fields.map((field) => (
            <Select
              key={field}
              label={words.fields[field]}
              allowDeselect={false}
              data={Object.entries(words.rules).map(([value, label]) => ({ value, label }))}
              value={values.owners[field] ?? 'ask'}
              onChange={(rule) =>
                rule && setValues((so) => ({ ...so, owners: { ...so.owners, [field]: rule as Rule } }))
              }
            />
          ))}
        </SimpleGrid>
        <Save of={save} label={words.save} />
      </Stack>
    </form>
  )
}
