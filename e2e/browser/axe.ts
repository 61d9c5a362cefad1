import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What breaks the rules of WCAG 2.2 AA on the page as it is, one line each; empty when nothing does. */
export async function violations(page: Page): Promise<string[]> {
  // Over the debugger, since the page's policy lets no other script in.
  await page.evaluate(axe.source)
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as Pick<axe.AxeResults, 'violations'>
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary?.replace(/\s+/g, ' ')}`),
  )
}
