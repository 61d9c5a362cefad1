import { Anchor, Group, SimpleGrid, Stack } from '@mantine/core'
import { Link, useParams } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { Fact } from '../../ui/fact.js'
import { formatCount, formatDuration, formatMoment } from '../../ui/format.js'
import { JobProgress } from '../../ui/job.js'
import { Answered, Page, Section } from '../../ui/states.js'
import { Filter, Search, useList } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'
import { Csv } from './csv.js'
import { Differences } from './differences.js'
import { comparedOf, Found } from './outcome.js'
import { Remedies } from './remedies.js'

const words = text.report
type Report = AnswerOf<'readReport'>['report']

/** One comparison: what it cost, what it found, and what each difference means. */
export default function ReportPage() {
  const { id = '' } = useParams()
  const list = useList(['entity', 'kind'])
  const asked = useAsk('readReport', { params: { id }, query: list.query }, { keep: true })
  const report = asked.data?.report
  const mayChange = useMayChange()
  return (
    <Page
      title={report ? words.of(formatMoment(report.startedAt)) : words.title}
      actions={
        <Group>
          <Anchor component={Link} to="/reports">
            {words.back}
          </Anchor>
          {report && report.differences > 0 && <Csv report={report} label={words.download} />}
        </Group>
      }
    >
      <Answered of={asked} rows={12}>
        {(data) => (
          <>
            {data.report.state === 'running' && <JobProgress id={id} />}
            <Facts report={data.report} />
            {mayChange && data.report.differences > 0 && data.report.state !== 'running' && <Remedies />}
            <Section title={words.differences}>
              <Stack>
                <Group>
                  <Search list={list} label={words.search} />
                  <Filter list={list} name="entity" label={words.entity} options={words.entities} />
                  <Filter list={list} name="kind" label={words.kind} options={words.kinds} />
                </Group>
                <Differences of={asked} list={list} state={data.report.state} />
              </Stack>
            </Section>
          </>
        )}
      </Answered>
    </Page>
  )
}

const Facts = ({ report }: { report: Report }) => (
  <Section title={words.outcome} aside={<Tag of={report.state} />}>
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
      <Fact name={words.facts.found} value={<Found report={report} />} />
      <Fact name={words.facts.read} value={comparedOf(report.read)} />
      <Fact
        name={words.facts.took}
        value={formatDuration(report.startedAt, report.finishedAt)}
        hint={text.compare.calls(formatCount(report.calls))}
      />
      <Fact name={words.facts.by} value={report.askedBy} />
    </SimpleGrid>
  </Section>
)
