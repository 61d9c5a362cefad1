import { Button, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type AnswerOf, newKey } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { Fact } from '../../ui/fact.js'
import { formatMoney } from '../../ui/format.js'
import { tellDone } from '../../ui/notify.js'
import { Answered, Failed, Section } from '../../ui/states.js'

const words = text.order
type Centre = AnswerOf<'readCostCentre'>

/** The customer's purchase order of a cost centre: what is left of it, and the fields to correct. */
export function Order({ id }: { id: string }) {
  const centre = useAsk('readCostCentre', { params: { id } })
  return (
    <Section title={words.title} hint={words.hint}>
      <Answered of={centre} rows={4}>
        {(saved) => (
          <Stack>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <Fact name={words.billed} value={formatMoney(saved.orderBilled)} />
              <Fact name={words.left} value={saved.orderLeft === null ? words.noLimit : formatMoney(saved.orderLeft)} />
            </SimpleGrid>
            <Form key={saved.id} saved={saved} />
          </Stack>
        )}
      </Answered>
    </Section>
  )
}

function Form({ saved }: { saved: Centre }) {
  const [values, setValues] = useState({
    poNumber: saved.poNumber ?? '',
    poAmount: saved.poAmount ?? '',
    poExpiresOn: saved.poExpiresOn ?? '',
    trackingOption: saved.trackingOption ?? '',
  })
  const tracking = useAsk('listTracking')
  const mayChange = useMayChange()
  const save = useTell('changeCostCentre', ['readCostCentre', 'listCostCentres', 'previewInvoices', 'listUnbilled'])
  const set = (name: keyof typeof values, value: string) => setValues((so) => ({ ...so, [name]: value }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim() || null]))
    save.mutate(
      { params: { id: saved.id }, body, idempotencyKey: newKey() },
      { onSuccess: () => tellDone(text.settings.saved) },
    )
  }
  const options = tracking.data?.items.flatMap(({ options }) => options) ?? []
  return (
    <form onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          <TextInput
            label={words.number}
            maxLength={255}
            readOnly={!mayChange}
            value={values.poNumber}
            onChange={({ currentTarget }) => set('poNumber', currentTarget.value)}
          />
          <TextInput
            label={words.amount}
            inputMode="decimal"
            readOnly={!mayChange}
            value={values.poAmount}
            onChange={({ currentTarget }) => set('poAmount', currentTarget.value)}
          />
          <TextInput
            label={words.expires}
            type="date"
            readOnly={!mayChange}
            value={values.poExpiresOn}
            onChange={({ currentTarget }) => set('poExpiresOn', currentTarget.value)}
          />
          <Select
            label={words.tracking}
            placeholder={words.none}
            clearable
            clearButtonProps={{ 'aria-label': text.list.clear(words.tracking) }}
            searchable
            disabled={!mayChange || options.length === 0}
            data={[...new Set([...options, ...(values.trackingOption ? [values.trackingOption] : [])])]}
            value={values.trackingOption || null}
            onChange={(option) => set('trackingOption', option ?? '')}
          />
        </SimpleGrid>
        {save.isError && <Failed error={save.error} />}
        {mayChange && (
          <Button type="submit" variant="default" loading={save.isPending} style={{ alignSelf: 'flex-start' }}>
            {words.save}
          </Button>
        )}
      </Stack>
    </form>
  )
}
