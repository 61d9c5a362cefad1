import { Button, Container } from '@mantine/core'
import { Link, useRouteError } from 'react-router'
import { text } from '../text/index.js'
import { Empty, Failed } from '../ui/states.js'

export const Lost = () => (
  <Empty
    title={text.problem.lost.title}
    hint={text.problem.lost.hint}
    action={
      <Button component={Link} to="/overview" mt="sm">
        {text.problem.lost.home}
      </Button>
    }
  />
)

/** A page threw, or its part of the program could not be loaded. */
export const Crashed = () => (
  <Container size="sm" py="xl" component="main">
    <Failed error={useRouteError()} retry={() => window.location.reload()} />
  </Container>
)
