import type { Price, PriceTable as Prices } from '#shared/contract/benchmarkResults.ts';
import type { Database } from './database.ts';

export interface PriceTable {
  /** @returns null until the user has written one. */
  read(): Prices | null;
  /** Replaces the whole table. */
  write(table: Prices): void;
}

/** No model is called so: the row of what holds for the whole table. */
const wholeTable = '';

/** The user's own prices, in the order they were given. */
export function createPriceTable(database: Database): PriceTable {
  return {
    read() {
      const rows = database.all<{ model: string; price: string }>('SELECT model, price FROM prices ORDER BY rowid');
      const general = rows.find((row) => row.model === wholeTable);
      if (general === undefined) return null;
      return {
        ...(JSON.parse(general.price) as Pick<Prices, 'electricityPerKwh' | 'currency'>),
        prices: rows.filter((row) => row.model !== wholeTable).map((row) => JSON.parse(row.price) as Price),
      };
    },
    write({ prices, ...general }) {
      database.transaction(() => {
        database.run('DELETE FROM prices');
        const insert = (model: string, price: object): void => {
          // Of two rows with one name the later is meant.
          database.run('INSERT OR REPLACE INTO prices (model, price) VALUES (?, ?)', model, JSON.stringify(price));
        };
        insert(wholeTable, general);
        for (const price of prices) insert(price.model, price);
      });
    },
  };
}
