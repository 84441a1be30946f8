import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { type HubSim, startHubSim } from '../fixtures/hub/hubsim.mjs';

const starters = resolve(import.meta.dirname, '../../resources/models');
export const hubRepo = 'ada/Starter-3M-Instruct-GGUF';

export interface StarterHub extends HubSim {
  /** Hashes of what it serves, by quant. */
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * A hub that serves a starter model under another name, so that no byte of it is on this disk already.
 * @param folder empty; the repos are laid out in it
 */
export async function startStarterHub(folder: string): Promise<StarterHub> {
  const repo = join(folder, hubRepo);
  mkdirSync(repo, { recursive: true });
  const sha256: Record<string, string> = {};
  for (const quant of ['Q4_K_M', 'Q8_0']) {
    const file = readFileSync(join(starters, `Starter-3M-Instruct-${quant}.gguf`));
    file.write('Starter 3M Tutored ', file.indexOf('Starter 3M Instruct'));
    writeFileSync(join(repo, `Starter-3M-Instruct-${quant}.gguf`), file);
    sha256[quant] = createHash('sha256').update(file).digest('hex');
  }
  writeFileSync(
    join(repo, 'README.md'),
    '---\nlicense: apache-2.0\n---\n# A small model\n\nIt answers **briefly**. ![A picture](https://example.com/a.png)\n',
  );
  const model = {
    downloads: 1204,
    likes: 21,
    createdAt: '2026-02-01T00:00:00.000Z',
    lastModified: '2026-11-01T00:00:00.000Z',
    pipeline_tag: 'text-generation',
    library_name: 'gguf',
    tags: ['gguf', 'license:apache-2.0'],
    cardData: { license: 'apache-2.0' },
  };
  writeFileSync(join(repo, 'model.json'), JSON.stringify(model));
  const sim = await startHubSim({ root: folder, port: 0, quiet: true });
  return { ...sim, sha256 };
}

export const repoPane = (page: Page) => page.getByRole('region', { name: `Repository ${hubRepo}` });

/** Types a name as a person does, letter by letter. @returns what the app says of it before anybody has answered */
export async function typeName(page: Page, name: string): Promise<string> {
  await page.getByRole('searchbox', { name: /^Search Hugging Face/ }).click();
  await page.keyboard.type(name);
  return page.getByRole('status', { name: 'Read as' }).innerText();
}

/** Downloads the selected quant by its key and waits until it stands in the library. */
export async function downloadSelected(page: Page): Promise<void> {
  await page.keyboard.press('Control+d');
  await repoPane(page).getByText('In your library, ready to use.').waitFor({ timeout: 60_000 });
}
