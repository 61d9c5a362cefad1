import { Button } from '@mantine/core'
import { useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import { Page } from '../../ui/states.js'
import { TabbedPage } from '../../ui/tabs.js'
import { NextStep } from '../start/next-step.js'
import { Clients } from './clients.js'
import { Plan } from './plan.js'
import { Strangers } from './strangers.js'

const words = text.contacts

export default function Contacts() {
  const job = useJob('syncClients')
  const mayChange = useMayChange()
  return (
    <Page
      title={words.title}
      hint={words.hint}
      actions={
        mayChange && (
          <Button
            variant="default"
            loading={job.start.isPending}
            onClick={() => job.start.mutate({}, { onError: tellFailed })}
          >
            {words.sync}
          </Button>
        )
      }
    >
      <NextStep />
      {job.id && <JobProgress key={job.id} id={job.id} onHide={job.forget} />}
      <TabbedPage
        tabs={[
          { name: 'clients', label: words.tabs.clients, content: <Clients /> },
          { name: 'strangers', label: words.tabs.strangers, content: <Strangers /> },
          { name: 'plan', label: words.tabs.plan, content: <Plan /> },
        ]}
      />
    </Page>
  )
}
