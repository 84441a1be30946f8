import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const schemes = ['light', 'dark'] as const;
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Looks at the screen as it is, light and dark: WCAG A and AA by axe, and a picture where `RIGHTSIZE_SCREENSHOTS` names a folder.
 * @returns what axe objects to, one line each.
 */
export async function inspectScreen(page: Page, name: string): Promise<readonly string[]> {
  const objections: string[] = [];
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-theme="${scheme}"]`).waitFor();
    await takePicture(page, `${name}-${scheme}`);
    const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
    for (const { id, nodes } of violations) {
      for (const node of nodes.slice(0, 3))
        objections.push(`${scheme} ${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  return objections;
}

async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.RIGHTSIZE_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  // Text is drawn with its own font from the first picture on, and the pointer hovers over nothing.
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
