import { Button } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import { useMayChange } from '../shell/who.js'
import { Failed } from './states.js'

/** The end of a form: why it could not be saved, and its button for whoever may. */
export function Save({ of, label }: { of: Pick<UseMutationResult, 'isError' | 'error' | 'isPending'>; label: string }) {
  const mayChange = useMayChange()
  return (
    <>
      {of.isError && <Failed error={of.error} />}
      {mayChange && (
        <Button type="submit" loading={of.isPending} style={{ alignSelf: 'flex-start' }}>
          {label}
        </Button>
      )}
    </>
  )
}
