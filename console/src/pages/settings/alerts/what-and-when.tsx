import { Select, SimpleGrid, Stack, Switch, TextInput, Title } from '@mantine/core'
import { text } from '../../../text/index.js'
import type { Draft, Part } from './draft.js'

const words = text.alerts
type Kind = keyof typeof text.alertKinds
const kinds = Object.keys(text.alertKinds) as Kind[]

/** Which news is told at once, which once a day, and when nobody is disturbed. */
export const WhatAndWhen = ({ draft, set }: Part) => (
  <Stack>
    <Title order={3} size="h5">
      {words.kinds}
    </Title>
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }}>
      {kinds.map((kind) => (
        <Select
          key={kind}
          label={text.alertKinds[kind]}
          allowDeselect={false}
          data={Object.entries(words.whens).map(([value, label]) => ({ value, label }))}
          value={draft.kinds[kind]}
          onChange={(when) => when && set({ kinds: { ...draft.kinds, [kind]: when as Draft['kinds'][Kind] } })}
        />
      ))}
      <TextInput
        label={words.digestAt}
        type="time"
        required
        withAsterisk={false}
        value={draft.digestAt}
        onChange={({ currentTarget }) => set({ digestAt: currentTarget.value })}
      />
    </SimpleGrid>
    <Switch
      label={words.quiet}
      description={words.quietHint}
      checked={draft.isQuiet}
      onChange={({ currentTarget: { checked } }) => set({ isQuiet: checked })}
    />
    {draft.isQuiet && (
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }}>
        {(
          [
            ['from', words.quietFrom],
            ['to', words.quietTo],
          ] as const
        ).map(([end, label]) => (
          <TextInput
            key={end}
            label={label}
            type="time"
            required
            withAsterisk={false}
            value={draft.quiet[end]}
            onChange={({ currentTarget }) => set({ quiet: { ...draft.quiet, [end]: currentTarget.value } })}
          />
        ))}
      </SimpleGrid>
    )}
  </Stack>
)
