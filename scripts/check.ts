/** `npm run check`: types, lint, unit and services tests. The quick round: no build, no browser, no engine. */
import { closingLine } from './runProject.ts';
import { runSteps } from './runSteps.ts';

const counts = await runSteps({ checks: true, build: false, projects: ['unit', 'services'], say: (line) => console.error(`\n${line}`) });
console.log(closingLine(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
