import { type CSSVariablesResolver, createTheme, Modal } from '@mantine/core'
import { text } from '../text/index.js'

/** Shades are chosen so that every text reaches WCAG AA on its ground, in both themes. */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 9, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '650' },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  components: {
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': text.cancel },
        // A dialog's head is no second banner of the page.
        attributes: { header: { role: 'none' } },
      },
    }),
  },
})

const hues = ['blue', 'green', 'red', 'orange', 'yellow', 'grape', 'gray'] as const
const words = (light: boolean) =>
  Object.fromEntries(
    hues.map((hue) => [
      `--mantine-color-${hue}-light-color`,
      light ? `color-mix(in srgb, var(--mantine-color-${hue}-9) 78%, black)` : `var(--mantine-color-${hue}-2)`,
    ]),
  )

export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...words(true),
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-anchor': 'var(--mantine-color-blue-9)',
  },
  dark: {
    ...words(false),
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-anchor': 'var(--mantine-color-blue-4)',
  },
})
