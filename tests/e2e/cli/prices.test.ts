import { expect, it } from 'vitest';
import { documentOf, errorOf, newCommandLine } from './commandLine.ts';

it('prices are listed, set with the day, and refused by halves', async () => {
  await using cli = await newCommandLine();
  const set = ['gpt-4o-mini', '--input', '0.2', '--output', '0.8', '--electricity', '0.31', '--currency', 'eur'];
  expect(documentOf(await cli.run('prices', ...set, '--json'))).toMatchObject({
    electricityPerKwh: 0.31,
    currency: 'EUR',
    prices: expect.arrayContaining([
      {
        model: 'gpt-4o-mini',
        ...{ inputPerMillion: 0.2, outputPerMillion: 0.8, currency: 'EUR', enteredOn: expect.stringMatching(/^20\d\d-\d\d-\d\d$/) },
      },
    ]),
  });
  expect((await cli.run('prices')).stdout).toMatch(/gpt-4o-mini +€0\.20 +€0\.80.*Electricity: €0\.31 a kilowatt-hour\n$/s);
  expect(errorOf(await cli.run('prices', 'gpt-4o-mini', '--input', '1', '--json'))).toMatchObject({ code: 'usage' });
  expect(errorOf(await cli.run('prices', '--currency', 'USD', '--json'))).toMatchObject({ code: 'usage' });
});
