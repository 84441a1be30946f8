import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { starterModel, startLoaded } from './runnerHarness.ts';

test.runIf(process.platform === 'linux')('a load on the processor starts no process beside the runner', async () => {
  const generation = await startLoaded(starterModel('1M-Instruct-Q8_0'));
  const stat = readFileSync(`/proc/${generation.pid}/stat`, 'utf8');
  // Behind the name in parentheses: page faults and processor time of children that have ended, which any child has some of.
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [minorFaults, majorFaults, userTicks, systemTicks] = [afterName[8], afterName[10], afterName[13], afterName[14]];
  expect({ minorFaults, majorFaults, userTicks, systemTicks }).toEqual({
    minorFaults: '0',
    majorFaults: '0',
    userTicks: '0',
    systemTicks: '0',
  });
});
