import type { Price, PriceTable } from '#shared/contract/benchmarkResults.ts';

/** A row of the price table while it is typed. */
export interface DraftPrice {
  readonly key: string;
  readonly model: string;
  readonly input: string;
  readonly output: string;
  /** What is stored of it; null for a new one. */
  readonly kept: Price | null;
}

let added = 0;

export function emptyPrice(): DraftPrice {
  added += 1;
  return { key: `new-${added}`, model: '', input: '', output: '', kept: null };
}

export function draftOf(price: Price, index: number): DraftPrice {
  return {
    key: `kept-${index}`,
    model: price.model,
    input: String(price.inputPerMillion),
    output: String(price.outputPerMillion),
    kept: price,
  };
}

interface DraftTable {
  readonly rows: readonly DraftPrice[];
  readonly electricity: string;
  readonly currency: string;
  /** As 2026-11-21: the day of what is new or changed. */
  readonly today: string;
}

/** Reads what was typed: a table to save, or the first thing that is wrong in words. Rows without any entry are left out. */
export function pricesOf({
  rows,
  electricity,
  currency,
  today,
}: DraftTable): { readonly table: PriceTable } | { readonly problem: string } {
  const money = currency.trim();
  if (money === '') return { problem: 'Name a currency, such as USD.' };
  const electricityPerKwh = electricity.trim() === '' ? null : readAmount(electricity);
  if (electricityPerKwh !== null && (Number.isNaN(electricityPerKwh) || electricityPerKwh > 1000))
    return { problem: 'The price of electricity is not a number from 0 to 1,000.' };
  const prices: Price[] = [];
  for (const row of rows) {
    const model = row.model.trim();
    if (model === '' && row.input.trim() === '' && row.output.trim() === '') continue;
    if (model === '') return { problem: 'A price has no model: name it, or remove the row.' };
    if (prices.some((price) => price.model === model)) return { problem: `${model} is listed twice.` };
    const inputPerMillion = readAmount(row.input);
    const outputPerMillion = readAmount(row.output);
    if (Number.isNaN(inputPerMillion) || Number.isNaN(outputPerMillion) || Math.max(inputPerMillion, outputPerMillion) > 100_000)
      return { problem: `The prices of ${model} are not numbers from 0 to 100,000.` };
    const { kept } = row;
    const isKept = kept?.inputPerMillion === inputPerMillion && kept.outputPerMillion === outputPerMillion;
    prices.push({
      model,
      inputPerMillion,
      outputPerMillion,
      currency: isKept ? kept.currency : money,
      enteredOn: isKept ? kept.enteredOn : today,
    });
  }
  return { table: { prices, electricityPerKwh, currency: money } };
}

/** Takes a comma as well as a point. NaN = not a number. */
function readAmount(text: string): number {
  const plain = text.trim().replace(',', '.');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
}
