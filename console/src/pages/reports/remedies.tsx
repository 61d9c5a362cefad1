import { Anchor, SimpleGrid } from '@mantine/core'
import { Link } from 'react-router'
import { text } from '../../text/index.js'
import { Section } from '../../ui/states.js'
import { Starter } from '../settings/sync-now.js'

const words = text.report
const { clients, items, payments, compare } = words.jobs

/** What brings both sides into step, and then shows what is left. */
export const Remedies = () => (
  <Section
    title={words.remedies}
    hint={words.remediesHint}
    aside={
      <Anchor component={Link} to="/inbox" size="sm">
        {words.toInbox}
      </Anchor>
    }
  >
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <Starter name="syncClients" label={clients[0]} hint={clients[1]} />
      <Starter name="syncItems" label={items[0]} hint={items[1]} />
      <Starter name="syncPayments" label={payments[0]} hint={payments[1]} body={{ full: true }} />
      <Starter name="makeReport" label={compare[0]} hint={compare[1]} />
    </SimpleGrid>
  </Section>
)
