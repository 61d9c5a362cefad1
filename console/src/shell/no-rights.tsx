import { Button, Card, Center, Stack, Text, Title } from '@mantine/core'
import { forgetSession, signedInEmail } from '../api/session.js'
import { text } from '../text/index.js'

const words = text.signIn

/** Signed in, but neither an administrator nor an accountant: why nothing is shown. */
export const NoRights = () => (
  <Center component="main" mih="100vh" p="md">
    <Card withBorder padding="xl" maw={480}>
      <Stack>
        <Title order={1} size="h3">
          {words.noRightsTitle}
        </Title>
        <Text>{words.noRights(signedInEmail() ?? '')}</Text>
        <Button variant="default" onClick={forgetSession}>
          {words.other}
        </Button>
      </Stack>
    </Card>
  </Center>
)
