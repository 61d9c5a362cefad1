import { Button, Card, Center, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toProblem } from '../api/problem.js'
import { signIn } from '../api/session.js'
import { text } from '../text/index.js'
import { Failed } from '../ui/states.js'

const words = text.signIn

export function SignIn() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({ mutationFn: () => signIn(email.trim(), password) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    enter.mutate()
  }
  const refused = enter.isError && [400, 401, 422].includes(toProblem(enter.error).status)
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
            {enter.isError && !refused && <Failed error={enter.error} />}
            <Button type="submit" loading={enter.isPending}>
              {words.submit}
            </Button>
          </Stack>
        </form>
      </Card>
    </Center>
  )
}
