import { Alert, Button, Card, Center, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { type Problem, toProblem } from '../api/problem.js'
import { hasEnded, signIn } from '../api/session.js'
import { text } from '../text/index.js'
import { Failed } from '../ui/states.js'

const words = text.signIn
/** Supabase's words for it, today's and older ones. */
const wrong = ['invalid_credentials', 'invalid_grant']

export function SignIn() {
  useDocumentTitle(`${words.title} · ${text.app}`)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [pending, setPending] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setPending(true)
    setProblem(null)
    signIn(email.trim(), password)
      .catch((error: unknown) => setProblem(toProblem(error)))
      .finally(() => setPending(false))
  }
  const refused = problem !== null && wrong.includes(problem.code)
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder shadow="sm" padding="xl" w="100%" maw={400}>
        <form onSubmit={submit}>
          <Stack>
            <div>
              <Text fw={700} c="blue" className="brand">
                {text.app} {text.appHint}
              </Text>
              <Title order={1} size="h2">
                {words.title}
              </Title>
              <Text c="dimmed" size="sm">
                {words.hint}
              </Text>
            </div>
            {hasEnded() && problem === null && (
              <Alert variant="light" role="status">
                {words.expired}
              </Alert>
            )}
            <TextInput
              label={words.email}
              type="email"
              autoComplete="username"
              required
              autoFocus
              value={email}
              onChange={({ currentTarget }) => setEmail(currentTarget.value)}
            />
            <PasswordInput
              label={words.password}
              autoComplete="current-password"
              required
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
              error={refused && words.wrong}
            />
            {problem && !refused && <Failed error={problem} />}
            <Button type="submit" loading={pending}>
              {words.submit}
            </Button>
          </Stack>
        </form>
      </Card>
    </Center>
  )
}
