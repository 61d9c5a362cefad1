import { Anchor, Button, Group, Stack } from '@mantine/core'
import { Link } from 'react-router'
import { useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import type { Step } from './steps.js'

const words = text.start

/** What takes this step: a button that does it, or the way to where it is done. */
export function StepAction({ step }: { step: Step }) {
  const mayChange = useMayChange()
  if (step.job && mayChange)
    return (
      <Group>
        {step.name === 'clients' && (
          <Anchor component={Link} to="/contacts?tab=plan" size="sm">
            {words.planFirst}
          </Anchor>
        )}
        <Begin key={step.job} job={step.job} label={words.does[step.job]} />
      </Group>
    )
  return (
    <Button component={Link} to={step.to} aria-label={`${words.go}: ${words.steps[step.name][0]}`}>
      {words.go}
    </Button>
  )
}

function Begin({ job: name, label }: { job: NonNullable<Step['job']>; label: string }) {
  const job = useJob(name)
  return (
    <Stack gap="xs" align="stretch">
      {job.id ? (
        <JobProgress id={job.id} onHide={job.forget} />
      ) : (
        <Button loading={job.start.isPending} onClick={() => job.start.mutate({}, { onError: tellFailed })}>
          {label}
        </Button>
      )}
    </Stack>
  )
}
