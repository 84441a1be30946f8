import type { Page } from 'playwright-core';

/** The way of a newcomer, by the words on the screen. The same steps drive every host. */

export async function chatFromFirstRun(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Find the smallest model that does your job' }).waitFor();
  await page.getByRole('button', { name: 'Chat with the starter' }).click();
}

/** Asks, waits for the whole answer and returns its text with every shorter text that was on screen before. */
export async function ask(page: Page, text: string): Promise<{ readonly answer: string; readonly partial: readonly string[] }> {
  const answers = page.getByRole('article', { name: /^Answer by/ });
  const before = await page.getByTitle('Generation speed of this answer').count();
  await page.evaluate(recordAnswers);
  const composer = page.getByRole('textbox', { name: /^Message/ });
  await composer.fill(text);
  await composer.press('Enter');
  await page.getByTitle('Generation speed of this answer').nth(before).waitFor({ timeout: 60_000 });
  const answer = await answers.last().locator('p').first().innerText();
  const seen = await page.evaluate<string[]>('[...globalThis.recordedAnswers]');
  return { answer, partial: seen.filter((part) => part !== '' && part.length < answer.length && answer.startsWith(part)) };
}

/** Notes each text that the newest answer has while it is written. */
const recordAnswers = `{
  globalThis.answerObserver?.disconnect();
  globalThis.recordedAnswers = new Set();
  globalThis.answerObserver = new MutationObserver(() => {
    const answer = [...document.querySelectorAll('[role="log"] article')].at(-1);
    if (answer?.getAttribute('aria-label') !== 'You') recordedAnswers.add(answer?.querySelector('p')?.innerText.trim() ?? '');
  });
  answerObserver.observe(document.body, { subtree: true, childList: true, characterData: true });
}`;

export async function goTo(
  page: Page,
  screen: 'Discover' | 'Library' | 'Chat' | 'Benchmark' | 'Server' | 'Hardware' | 'Settings',
): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen }).click();
}

/** Chooses models and one suite, as a person with little time would. */
export async function setUpBenchmark(
  page: Page,
  plan: { readonly models: readonly string[]; readonly suite: RegExp; readonly items: number },
): Promise<void> {
  const models = page.getByRole('region', { name: 'Models' });
  await models.getByRole('button', { name: 'None' }).click();
  for (const model of plan.models) await models.getByRole('checkbox', { name: model, exact: true }).check();
  const suites = page.getByRole('region', { name: 'Suites' });
  // All that are there are taken at once, without waiting for any.
  await suites.getByRole('checkbox').first().waitFor();
  for (const box of await suites.getByRole('checkbox').all()) await box.uncheck();
  await suites.getByRole('checkbox', { name: plan.suite }).check();
  const items = page.getByRole('textbox', { name: 'Items a suite' });
  await items.fill(String(plan.items));
  await items.press('Tab');
}

export async function startBenchmark(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Benchmark my models/ }).click();
}

/** Waits for the end of the run. @returns the verdict in words. */
export async function readVerdict(page: Page): Promise<string> {
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await verdict.waitFor({ timeout: 150_000 });
  return verdict.innerText();
}
