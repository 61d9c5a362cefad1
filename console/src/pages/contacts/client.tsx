import { Anchor, Button, Group, SimpleGrid } from '@mantine/core'
import { Link, useParams } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useXeroPlaces } from '../../api/config.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { Fact } from '../../ui/fact.js'
import { SideBySide, Value } from '../../ui/fields.js'
import { formatMoment } from '../../ui/format.js'
import { Icon } from '../../ui/icons.js'
import { Answered, Page, Section } from '../../ui/states.js'
import { Tag } from '../../ui/tags.js'
import { WhatHappened } from '../history/what-happened.js'
import { FailureCard } from '../inbox/failure-card.js'
import { MatchCard } from '../inbox/matches.js'

const words = text.client
type Detail = AnswerOf<'readClient'>

/** One client beside its contact: what each side has, what both last agreed on, and what waits for a person. */
export default function ClientPage() {
  const { id = '' } = useParams()
  const client = useAsk('readClient', { params: { id } })
  return (
    <Page
      title={client.data?.name ?? words.title}
      actions={
        <Group>
          <Anchor component={Link} to="/contacts">
            {words.back}
          </Anchor>
          {client.data?.xeroContactId && <InXero id={client.data.xeroContactId} />}
        </Group>
      }
    >
      <Answered of={client} rows={12}>
        {(data) => (
          <>
            <Section title={words.link} aside={<Tag of={data.link} />}>
              <SimpleGrid cols={{ base: 1, xs: 3 }}>
                <Fact name={words.synced} value={formatMoment(data.syncedAt)} />
                <Fact name={words.status} value={<Value of={data.xeroContactStatus?.toLowerCase()} />} />
                <Fact name={words.number} value={<Value of={data.xero?.contactNumber} />} />
              </SimpleGrid>
            </Section>
            {data.match && <MatchCard match={data.match} />}
            {data.conflicts.length > 0 && <Conflicts detail={data} />}
            {data.failures.map((failure) => (
              <FailureCard key={failure.id} failure={failure} />
            ))}
            <Section title={words.sides}>
              <SideBySide
                label={words.sides}
                sides={[
                  { key: 'ours', title: words.ours, values: data.ours },
                  ...(data.xero ? [{ key: 'xero', title: words.xero, values: data.xero.fields }] : []),
                  ...(data.xero ? [{ key: 'agreed', title: words.agreed, values: data.agreed }] : []),
                ]}
              />
            </Section>
            <WhatHappened of="readClientHistory" id={id} />
          </>
        )}
      </Answered>
    </Page>
  )
}

const Conflicts = ({ detail: { conflicts, name } }: { detail: Detail }) => (
  <Section title={words.conflicts(conflicts.length)}>
    <Button
      component={Link}
      to={`/inbox?${new URLSearchParams({ tab: 'conflicts', q: name })}`}
      variant="default"
      size="xs"
    >
      {words.toConflicts}
    </Button>
  </Section>
)

function InXero({ id }: { id: string }) {
  const places = useXeroPlaces()
  return (
    <Anchor href={places ? `${places.office}/Contacts/View/${id}` : undefined} target="_blank" rel="noreferrer">
      <Group gap={4} wrap="nowrap">
        {words.inXero} <Icon name="external" size={14} />
      </Group>
    </Anchor>
  )
}
