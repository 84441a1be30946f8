import { readFileSync } from 'node:fs';
import type { PriceTable as StoredPrices } from '#main/storage/priceTable.ts';
import { PriceTable } from '#shared/contract/benchmarkResults.ts';

export interface PriceList {
  read(): PriceTable;
  write(table: PriceTable): PriceTable;
}

/**
 * What hosted models cost: the user's own table, or the one that ships until there is one. Each price says on which day it was entered; nothing
 * is ever looked up.
 * @param options.shippedFile JSON of the table that ships
 */
export function createPriceList(options: { readonly table: StoredPrices; readonly shippedFile: string }): PriceList {
  const { table, shippedFile } = options;
  let shipped: PriceTable | undefined;
  const read = (): PriceTable => {
    const own = table.read();
    if (own !== null) return own;
    shipped ??= PriceTable.parse(JSON.parse(readFileSync(shippedFile, 'utf8')));
    return shipped;
  };
  return {
    read,
    write(prices) {
      table.write(prices);
      return read();
    },
  };
}
