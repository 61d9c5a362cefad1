import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** One thing that is so: its name, its value, and a word about it. */
export const Fact = ({ name, value, hint }: { name: string; value: ReactNode; hint?: string }) => (
  <div>
    <Text size="sm" c="dimmed">
      {name}
    </Text>
    <Text component="div" style={{ overflowWrap: 'anywhere' }}>
      {value}
    </Text>
    {hint && (
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
    )}
  </div>
)
