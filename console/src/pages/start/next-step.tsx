import { Alert, Group, Text } from '@mantine/core'
import { useLocation } from 'react-router'
import { text } from '../../text/index.js'
import { StepAction } from './step-action.js'
import { nextOf, useSteps } from './steps.js'

const words = text.start

/** On the pages along the way: what comes next, and the button for it, unless the reader is already there. */
export function NextStep() {
  const steps = useSteps()
  const next = nextOf(steps)
  const { pathname, search } = useLocation()
  if (!steps || !next) return null
  const here = pathname + search === next.to
  const [title, hint] = words.steps[next.name]
  return (
    <Alert variant="light" title={words.next(steps.indexOf(next) + 1, steps.length, title)}>
      <Group justify="space-between" align="flex-end">
        <Text size="sm">{hint}</Text>
        {!here && <StepAction step={next} />}
      </Group>
    </Alert>
  )
}
