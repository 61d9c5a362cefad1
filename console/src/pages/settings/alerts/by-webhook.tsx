import { PasswordInput, SimpleGrid, Stack, Switch } from '@mantine/core'
import { text } from '../../../text/index.js'
import type { Part, Values } from './draft.js'
import { SecretField } from './secret-field.js'

const words = text.alerts

/** A chat or a program that is told; its address is a secret. */
export const ByWebhook = ({ draft, set, saved }: Part & { saved: Values['saved'] }) => (
  <Stack>
    <Switch
      label={words.webhook}
      description={words.webhookHint}
      checked={draft.webhook}
      onChange={({ currentTarget: { checked } }) => set({ webhook: checked })}
    />
    {draft.webhook && (
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <PasswordInput
          label={words.url}
          description={saved.webhookUrl ? words.saved : words.urlHint}
          autoComplete="off"
          required={!saved.webhookUrl}
          value={draft.webhookUrl}
          onChange={({ currentTarget }) => set({ webhookUrl: currentTarget.value.trim() })}
        />
        <SecretField
          label={words.secret}
          hint={words.secretHint}
          saved={saved.webhookSecret}
          value={draft.webhookSecret}
          onChange={(webhookSecret) => set({ webhookSecret })}
        />
      </SimpleGrid>
    )}
  </Stack>
)
