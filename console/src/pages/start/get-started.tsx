import { Group, Stack, Text, ThemeIcon } from '@mantine/core'
import { text } from '../../text/index.js'
import { Icon } from '../../ui/icons.js'
import { Section } from '../../ui/states.js'
import { StepAction } from './step-action.js'
import { nextOf, useSteps } from './steps.js'

const words = text.start

/** The way from nothing to the first paid invoice, step by step; it goes away when it has been gone. */
export function GetStarted() {
  const steps = useSteps()
  const next = nextOf(steps)
  if (!steps || !next) return null
  return (
    <Section title={words.title} hint={words.hint}>
      <Stack component="ol" p={0} m={0} gap="md" style={{ listStyle: 'none' }}>
        {steps.map((step, i) => {
          const [title, hint] = words.steps[step.name]
          return (
            <Group component="li" key={step.name} align="flex-start" wrap="nowrap">
              <ThemeIcon
                radius="xl"
                variant={step.done || step === next ? 'filled' : 'default'}
                color={step.done ? 'green.9' : 'blue'}
              >
                {step.done ? <Icon name="check" size={16} /> : i + 1}
              </ThemeIcon>
              <div className="step">
                <div>
                  <Text fw={step === next ? 650 : 500}>{title}</Text>
                  <Text size="sm" c="dimmed">
                    {hint}
                  </Text>
                </div>
                {step.done && (
                  <Text size="sm" c="dimmed">
                    {words.done}
                  </Text>
                )}
                {step === next && <StepAction step={step} />}
              </div>
            </Group>
          )
        })}
      </Stack>
    </Section>
  )
}
