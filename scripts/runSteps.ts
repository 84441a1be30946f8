import { ensureBuild } from './ensureBuild.ts';
import { findOrInstallBrowser } from './findBrowser.ts';
import { findOrInstallSoftwareGpu } from './findSoftwareGpu.ts';
import { nodeProgram, runCommand } from './runCommand.ts';
import { addCounts, type Counts, type Project, runProject } from './runProject.ts';
import { checkTypes } from './types.ts';

const one = (ok: boolean): Counts => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/**
 * Runs the checks and then the test projects one after another: the engine and the browser each want the cores for themselves.
 * Each check counts like one test, so that the closing line cannot be green when types or lint are not.
 */
export async function runSteps(steps: {
  readonly checks: boolean;
  readonly build: boolean;
  readonly projects: readonly Project[];
  readonly say: (line: string) => void;
}): Promise<Counts> {
  let total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const add = (counts: Counts): void => {
    total = addCounts(total, counts);
  };
  if (steps.build) add(one(await buildStep(steps.say)));
  if (steps.checks) {
    steps.say('Types ...');
    add(one((await checkTypes()).length === 0));
    steps.say('Lint ...');
    add(one((await runCommand(nodeProgram('@biomejs/biome/bin/biome', 'check', '.', '--diagnostic-level=warn'))).code === 0));
  }
  if (steps.projects.some((project) => project !== 'unit')) {
    const missing = await findOrInstallSoftwareGpu(steps.say);
    if (missing !== null) steps.say(missing);
  }
  for (const project of steps.projects) {
    steps.say(`Tests: ${project} ...`);
    if (project !== 'e2e') add(await runProject(project));
    else add(await runE2e(steps.say));
  }
  return total;
}

async function buildStep(say: (line: string) => void): Promise<boolean> {
  try {
    await ensureBuild({ say });
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

async function runE2e(say: (line: string) => void): Promise<Counts> {
  const browser = await findOrInstallBrowser(say);
  if (browser.path !== null) return runProject('e2e', { env: { CHROME_PATH: browser.path } });
  if (process.env.CI === 'true') {
    say(`FAILED: the e2e tests need a browser under CI=true: ${browser.reason}.`);
    return one(false);
  }
  say(`SKIPPED: the e2e tests: ${browser.reason}. Set CHROME_PATH to a Chromium to run them.`);
  return { passed: 0, failed: 0, skipped: 1 };
}
