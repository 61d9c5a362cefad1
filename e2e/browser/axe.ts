import axe from 'axe-core'
import type { Page } from 'playwright-core'

type Found = readonly { readonly id: string; readonly nodes: readonly { html: string; failureSummary?: string }[] }[]

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const everything = { type: 'tag', values: tags }
/** All that another theme can change; the rest of the page is the same in both. */
const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** What breaks the rules of WCAG 2.2 AA on the page as it is, one line each; empty when nothing does. */
export const violations = (page: Page): Promise<string[]> => look(page, everything)

/** The same for both themes: everything in the light one, in the dark one what depends on colours. Leaves the light one. */
export async function violationsInBothThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await look(page, everything)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await look(page, colours)
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light.map((what) => `light ${what}`), ...dark.map((what) => `dark ${what}`)]
}

async function look(page: Page, runOnly: { type: string; values: string[] }): Promise<string[]> {
  // What fades in has no colours of its own until it is there; what turns for ever is not waited for.
  await page.evaluate(
    `Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished))`,
  )
  // Over the debugger, since the page's policy lets no other script in; once for each document.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source)
  // What passed is of no interest, and describing it takes longer than finding out.
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'], selectors: false })
  const found = (await page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`,
  )) as Found
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary?.replace(/\s+/g, ' ')}`),
  )
}
