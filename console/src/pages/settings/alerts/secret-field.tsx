import { Button, PasswordInput, Stack } from '@mantine/core'
import { text } from '../../../text/index.js'
import type { Secret } from './draft.js'

const words = text.alerts

interface SecretFieldProps {
  readonly label: string
  /** What is said of it while none is saved. */
  readonly hint: string
  readonly saved: boolean
  readonly value: Secret
  readonly onChange: (value: Secret) => void
}

/** A secret that can be typed anew, kept or removed, and is never shown. */
export const SecretField = ({ label, hint, saved, value, onChange }: SecretFieldProps) => (
  <Stack gap={4} align="stretch">
    <PasswordInput
      label={label}
      description={value === null ? words.removing : saved ? words.saved : hint}
      autoComplete="new-password"
      disabled={value === null}
      value={value ?? ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
    {saved && (
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        onClick={() => onChange(value === null ? '' : null)}
      >
        {value === null ? words.keep(label) : words.remove(label)}
      </Button>
    )}
  </Stack>
)
