import { NumberInput, Select, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { text } from '../../../text/index.js'
import type { Draft, Part, Values } from './draft.js'
import { SecretField } from './secret-field.js'

const words = text.alerts

/** The office's own mail server, and who gets the mail. */
export function ByEmail({ draft, set, saved, wrong }: Part & { saved: Values['saved']; wrong: boolean }) {
  const { email } = draft
  const change = (changes: Partial<Draft['email']>) => set({ email: { ...email, ...changes } })
  return (
    <Stack>
      <Switch
        label={words.email}
        description={words.emailHint}
        checked={draft.byEmail}
        onChange={({ currentTarget: { checked } }) => set({ byEmail: checked })}
      />
      {draft.byEmail && (
        <>
          <TagsInput
            label={words.to}
            description={words.toHint}
            type="email"
            withAsterisk
            error={wrong && words.toMissing}
            maxTags={20}
            acceptValueOnBlur
            splitChars={[',', ';', ' ']}
            value={[...email.to]}
            onChange={(to) => change({ to })}
          />
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            <TextInput
              label={words.host}
              description={words.hostHint}
              required
              maxLength={253}
              spellCheck={false}
              value={email.host}
              onChange={({ currentTarget }) => change({ host: currentTarget.value.trim() })}
            />
            <NumberInput
              label={words.port}
              description={'\u00a0'}
              min={1}
              max={65_535}
              allowDecimal={false}
              thousandSeparator={false}
              value={email.port}
              onChange={(port) => change({ port: Number(port) })}
            />
            <Select
              label={words.security}
              description={'\u00a0'}
              allowDeselect={false}
              data={Object.entries(words.securities).map(([value, label]) => ({ value, label }))}
              value={email.security}
              onChange={(security) => security && change({ security: security as Draft['email']['security'] })}
            />
            <TextInput
              label={words.from}
              description={'\u00a0'}
              type="email"
              required
              value={email.from}
              onChange={({ currentTarget }) => change({ from: currentTarget.value.trim() })}
            />
            <TextInput
              label={words.user}
              description={words.userHint}
              autoComplete="off"
              spellCheck={false}
              value={email.user ?? ''}
              onChange={({ currentTarget }) => change({ user: currentTarget.value || null })}
            />
            <SecretField
              label={words.password}
              hint={words.unsaved}
              saved={saved.smtpPassword}
              value={draft.smtpPassword}
              onChange={(smtpPassword) => set({ smtpPassword })}
            />
          </SimpleGrid>
        </>
      )}
    </Stack>
  )
}
