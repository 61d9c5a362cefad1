import {
  ActionIcon,
  Alert,
  AppShell,
  Badge,
  Burger,
  Group,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useNetwork } from '@mantine/hooks'
import { useEffect } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { ask } from '../api/client.js'
import { useAsk } from '../api/hooks.js'
import { useLive } from '../api/live.js'
import { toProblem } from '../api/problem.js'
import { forgetSession } from '../api/session.js'
import { text } from '../text/index.js'
import { formatCount } from '../ui/format.js'
import { Icon } from '../ui/icons.js'
import { Failed, Waiting } from '../ui/states.js'
import { NoRights } from './no-rights.js'
import { useMe } from './who.js'

const places = ['overview', 'invoices', 'inbox', 'contacts', 'items', 'reports', 'history'] as const

/** The frame of every page: who is signed in, where to go, whether the line stands. */
export function Shell() {
  const me = useMe()
  if (me.isError && toProblem(me.error).status === 403) return <NoRights />
  return <Frame />
}

function Frame() {
  const [open, { toggle, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  const me = useMe()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(close, [pathname])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href="#content" className="skip">
        {text.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={text.nav.open} />
            <Text fw={700} truncate>
              {text.app}
              <Text span c="dimmed" fw={400} visibleFrom="xs">{` ${text.appHint}`}</Text>
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" c="dimmed" visibleFrom="sm">
              {me.data?.email}
            </Text>
            <Theme />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={text.nav.signOut}
              title={text.nav.signOut}
              onClick={leave}
            >
              <Icon name="out" />
            </ActionIcon>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={text.nav.label}>
        {places.map((place) => (
          <NavLink
            key={place}
            component={Link}
            to={`/${place}`}
            label={text.nav[place]}
            leftSection={<Icon name={place} />}
            rightSection={place === 'inbox' ? <InboxCount /> : undefined}
            active={pathname.startsWith(`/${place}`)}
            aria-current={pathname.startsWith(`/${place}`) ? 'page' : undefined}
          />
        ))}
        <NavLink
          component={Link}
          to="/settings/xero"
          label={text.nav.xero}
          leftSection={<Icon name="settings" />}
          active={pathname.startsWith('/settings')}
          aria-current={pathname.startsWith('/settings') ? 'page' : undefined}
        />
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <div className="page">
          <Line />
          {me.isError && <Failed error={me.error} retry={() => void me.refetch()} />}
          {me.isPending && <Waiting rows={6} height={32} />}
          {me.data?.role === 'accountant' && (
            <Alert mb="lg" variant="light">
              {text.signIn.readOnly}
            </Alert>
          )}
          {me.data && <Outlet />}
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

/** Says so when what is shown may be old. */
function Line() {
  const live = useLive()
  const { online } = useNetwork()
  if (online && live) return null
  return (
    <Alert color="orange" mb="lg" variant="light" role="status">
      {online ? text.nav.notLive : text.nav.offline}
    </Alert>
  )
}

function InboxCount() {
  const { data } = useAsk('readOverview')
  if (!data || data.needsMe.total === 0) return null
  return (
    <Badge color="red" variant="light" size="sm">
      {formatCount(data.needsMe.total)}
    </Badge>
  )
}

function Theme() {
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'
  const label = dark ? text.nav.light : text.nav.dark
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </ActionIcon>
  )
}

/** The session ends at Supabase too; here it ends whatever that says. */
export const leave = () =>
  void ask('signOut')
    .catch(() => undefined)
    .finally(forgetSession)
