/** `npm test`: build, types, lint and every test. `npm run e2e`, or project names as arguments: only those tests. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './runCommand.ts';
import { closingLine, type Project, projects } from './runProject.ts';
import { runSteps } from './runSteps.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !projects.some((project) => project === name));
if (unknown.length > 0) {
  console.error(`There is no test project ${unknown.join(', ')}. Known: ${projects.join(', ')}.`);
  process.exit(2);
}
const closingFile = join(root, 'test-results', 'closing-line.txt');
rmSync(closingFile, { force: true });

const everything = wanted.length === 0;
const chosen: readonly Project[] = everything ? projects : projects.filter((project) => wanted.includes(project));
const say = (line: string): void => console.error(`\n${line}`);
const counts = await runSteps({ checks: everything, build: everything || chosen.includes('e2e'), projects: chosen, say });

mkdirSync(join(root, 'test-results'), { recursive: true });
writeFileSync(closingFile, `${closingLine(counts)}\n`);
if (everything) console.log('\nBuild, types and lint count as one each.');
console.log(closingLine(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
