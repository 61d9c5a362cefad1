import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { AnswerOf } from '../../api/client.js'
import { download } from '../../api/download.js'
import { text } from '../../text/index.js'
import { formatMoment } from '../../ui/format.js'
import { tellFailed } from '../../ui/notify.js'

type Report = AnswerOf<'readReport'>['report']

/** All differences as a file for a spreadsheet. */
export function Csv({ report: { id, startedAt }, label }: { report: Report; label: string }) {
  const save = useMutation({
    mutationFn: () => download('exportReport', { params: { id } }, `report-${startedAt.slice(0, 10)}.csv`),
    onError: tellFailed,
  })
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={save.isPending}
      aria-label={`${label}: ${text.compare.csvOf(formatMoment(startedAt))}`}
      onClick={() => save.mutate()}
    >
      {label}
    </Button>
  )
}
