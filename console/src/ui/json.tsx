import { Code } from '@mantine/core'

/** Data as it is; scrolls in itself, so it has to be reached by keyboard. */
export const Json = ({ of, label }: { of: unknown; label: string }) => (
  <Code block mah={320} style={{ overflow: 'auto' }} tabIndex={0} role="region" aria-label={label}>
    {JSON.stringify(of, null, 2)}
  </Code>
)
