import { Anchor, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { type AnswerOf, newKey } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { SideBySide } from '../../ui/fields.js'
import { tellDone, tellFailed } from '../../ui/notify.js'
import { Answered, Empty } from '../../ui/states.js'
import { Pager, Search, useList } from '../../ui/table.js'

const words = text.matches
type Match = AnswerOf<'listMatches'>['items'][number]
type Candidate = Match['candidates'][number]

/** Clients that more than one contact could be, or none surely: side by side, and one click says which. */
export function Matches() {
  const list = useList([])
  const matches = useAsk('listMatches', { query: { ...list.query, limit: 10 } }, { keep: true })
  return (
    <div className="stack">
      <Search list={list} label={words.search} />
      <Answered of={matches} rows={8}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <Empty
              title={list.filtered ? text.list.noneTitle : words.emptyTitle}
              hint={list.filtered ? text.list.noneHint : words.emptyHint}
            />
          ) : (
            <div className="stack">
              {items.map((match) => (
                <MatchCard key={match.clientId} match={match} />
              ))}
              <Pager list={list} total={total} nextCursor={nextCursor} shown={items.length} size={10} />
            </div>
          )
        }
      </Answered>
    </div>
  )
}

/** One question: the client, whom it may be, and the ways to answer. */
export function MatchCard({ match: { clientId, ours, reason, candidates } }: { match: Match }) {
  const mayChange = useMayChange()
  const answer = useTell('answerMatch', ['listMatches', 'listClients', 'readClient'])
  const name = ours.name ?? ''
  const tell = (body: { contactId: string } | { create: true }) =>
    answer.mutate(
      { params: { clientId }, body, idempotencyKey: newKey() },
      { onSuccess: () => tellDone(words.done(name)), onError: tellFailed },
    )
  return (
    <Card withBorder component="article" aria-label={words.question(name)}>
      <Stack>
        <div>
          <Title order={2} size="h5">
            {words.question(name)}
          </Title>
          <Text size="sm" c="dimmed">
            {words.reasons[reason] ?? reason}
          </Text>
        </div>
        <SideBySide
          label={words.question(name)}
          sides={[
            {
              key: clientId,
              title: (
                <Anchor component={Link} to={`/contacts/${clientId}`} size="sm">
                  {words.ours}
                </Anchor>
              ),
              values: ours,
            },
            ...candidates.map((candidate, i) => ({
              key: candidate.contactId,
              title: words.candidate(i + 1),
              values: candidate.fields,
              foot: (
                <Stack gap={6} align="flex-start">
                  <Signs of={candidate} />
                  {mayChange && !candidate.linkedTo && (
                    <Button
                      size="xs"
                      disabled={answer.isPending}
                      aria-label={words.itIs(candidate.fields.name ?? '', i + 1)}
                      onClick={() => tell({ contactId: candidate.contactId })}
                    >
                      {words.thisOne}
                    </Button>
                  )}
                </Stack>
              ),
            })),
          ]}
        />
        {mayChange && (
          <Group>
            <Button size="xs" variant="default" disabled={answer.isPending} onClick={() => tell({ create: true })}>
              {words.none}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  )
}

/** What speaks for a candidate, and what against it. */
const Signs = ({ of: { by, linkedToName, contested, status } }: { of: Candidate }) => (
  <Group gap={6}>
    {by.map((sign) => (
      <Badge key={sign} variant="light" color="green" tt="none">
        {words.by[sign]}
      </Badge>
    ))}
    {linkedToName && (
      <Badge variant="light" color="orange" tt="none">
        {words.linkedTo(linkedToName)}
      </Badge>
    )}
    {contested && (
      <Badge variant="light" color="orange" tt="none">
        {words.contested}
      </Badge>
    )}
    {status !== 'ACTIVE' && (
      <Badge variant="light" color="gray" tt="none">
        {words.archived}
      </Badge>
    )}
  </Group>
)
