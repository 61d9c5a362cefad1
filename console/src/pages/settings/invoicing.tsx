import { NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { toProblem } from '../../api/problem.js'
import { text } from '../../text/index.js'
import { tellDone } from '../../ui/notify.js'
import { Save } from '../../ui/save.js'
import { Answered, Failed, Section } from '../../ui/states.js'
import { useEarlierWork } from '../invoices/billed-from.js'

const words = text.invoicing
type Values = AnswerOf<'readInvoicingSettings'>

/** How invoices are made: accounts and taxes chosen from Xero's own lists, the rest from ours. */
export function Invoicing() {
  const now = useAsk('readInvoicingSettings')
  return (
    <Section title={words.title} hint={words.hint}>
      <Answered of={now} rows={8}>
        {(values) => <Form saved={values} />}
      </Answered>
    </Section>
  )
}

const choices = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }))

function Form({ saved }: { saved: Values }) {
  const [values, setValues] = useState(saved)
  const accounts = useAsk('listAccounts')
  const taxes = useAsk('listTaxRates')
  const earlier = useEarlierWork()
  const save = useTell('writeInvoicingSettings', [
    'readInvoicingSettings',
    'previewInvoices',
    'listUnbilled',
    'readOverview',
  ])
  const set = <K extends keyof Values>(key: K, value: Values[K]) => setValues((so) => ({ ...so, [key]: value }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ body: values }, { onSuccess: () => tellDone(text.settings.saved) })
  }
  const sample = values.numberPrefix + String(values.numberStart).padStart(values.numberWidth, '0')
  const listsError = accounts.error ?? taxes.error
  const unconnected = listsError !== null && toProblem(listsError).code === 'xero-disconnected'
  return (
    <form onSubmit={submit}>
      <Stack>
        {unconnected && <Text>{words.listsFirst}</Text>}
        {listsError && !unconnected && (
          <Failed error={listsError} retry={() => void accounts.refetch().then(() => taxes.refetch())} />
        )}
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          <Select
            label={words.account}
            description={words.accountHint}
            placeholder={words.none}
            searchable
            clearable
            allowDeselect={false}
            disabled={!accounts.data}
            data={accounts.data?.items.map(({ code, name }) => ({ value: code, label: `${code} ${name}` })) ?? []}
            value={values.defaultAccountCode}
            onChange={(code) => set('defaultAccountCode', code)}
          />
          <Select
            label={words.tax}
            description={words.taxHint}
            placeholder={words.none}
            searchable
            clearable
            allowDeselect={false}
            disabled={!taxes.data}
            data={
              taxes.data?.items.map(({ taxType, name, rate }) => ({
                value: taxType,
                label: `${name}, ${Number(rate)} %`,
              })) ?? []
            }
            value={values.defaultTaxType}
            onChange={(type) => set('defaultTaxType', type)}
          />
          <Select
            label={words.status}
            description={'\u00a0'}
            allowDeselect={false}
            data={choices(words.statuses)}
            value={values.status}
            onChange={(status) => status && set('status', status as Values['status'])}
          />
          <Select
            label={words.group}
            description={'\u00a0'}
            allowDeselect={false}
            data={choices(words.groups)}
            value={values.groupBy}
            onChange={(group) => group && set('groupBy', group as Values['groupBy'])}
          />
          <NumberInput
            label={words.due}
            description={words.dueHint}
            min={0}
            max={365}
            allowDecimal={false}
            value={values.dueDays}
            onChange={(days) => set('dueDays', Number(days))}
          />
          <TextInput
            label={words.from}
            description={earlier ? words.fromEarlier(earlier.money, earlier.since) : words.fromHint}
            type="date"
            value={values.billFrom ?? ''}
            onChange={({ currentTarget }) => set('billFrom', currentTarget.value || null)}
          />
          <TextInput
            label={words.prefix}
            description={words.sample(sample)}
            maxLength={20}
            value={values.numberPrefix}
            onChange={({ currentTarget }) => set('numberPrefix', currentTarget.value)}
          />
          <NumberInput
            label={words.start}
            description={'\u00a0'}
            min={1}
            allowDecimal={false}
            value={values.numberStart}
            onChange={(start) => set('numberStart', Number(start))}
          />
          <NumberInput
            label={words.width}
            description={'\u00a0'}
            min={1}
            max={12}
            allowDecimal={false}
            value={values.numberWidth}
            onChange={(width) => set('numberWidth', Number(width))}
          />
        </SimpleGrid>
        <TextInput
          label={words.description}
          description={words.descriptionHint}
          maxLength={500}
          required
          value={values.lineDescription}
          onChange={({ currentTarget }) => set('lineDescription', currentTarget.value)}
        />
        <Save of={save} label={words.save} />
      </Stack>
    </form>
  )
}
