import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { createPriceList } from '#main/services/benchmarks/priceList.ts';
import { openDatabase } from '#main/storage/database.ts';
import { createPriceTable } from '#main/storage/priceTable.ts';
import { PriceTable } from '#shared/contract/benchmarkResults.ts';

const shippedFile = join(appRoot(), 'resources', 'prices.json');

it('prices that ship are read as they are, each with its day, until the user writes a table, which is kept whole and in order', () => {
  const database = openDatabase(':memory:');
  const prices = createPriceList({ table: createPriceTable(database), shippedFile });
  const shipped = prices.read();
  expect(PriceTable.parse(shipped)).toEqual(shipped);
  expect(shipped.prices.length).toBeGreaterThan(3);

  const own = { ...shipped, electricityPerKwh: 0.31, currency: 'EUR', prices: shipped.prices.slice(0, 2).toReversed() };
  expect(prices.write(own)).toEqual(own);
  expect(prices.write({ ...own, prices: [] }).prices).toEqual([]);
  expect(createPriceList({ table: createPriceTable(database), shippedFile }).read()).toEqual({ ...own, prices: [] });
});
