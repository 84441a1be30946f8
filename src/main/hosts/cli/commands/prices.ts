import { Command, Option } from 'commander';
import { formatMoney } from '#core/bench/runCost.ts';
import { missing } from '#core/units.ts';
import type { Price, PriceTable } from '#shared/contract/benchmarkResults.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { currencyCode, money } from '../optionValues.ts';
import { renderTable } from '../table.ts';

interface PriceOptions {
  readonly input?: number;
  readonly output?: number;
  readonly currency?: string;
  readonly electricity?: number;
}

/** `prices`: what costs are held against. With a model and its prices: writes one down, dated today. */
export function pricesCommand(context: CommandContext): Command {
  return new Command('prices')
    .description('list or set the prices that the cost of a run is told by; nothing is looked up')
    .argument('[model]', 'hosted model to set, as its server calls it')
    .addOption(new Option('--input <money>', 'for a million tokens in').argParser(money))
    .addOption(new Option('--output <money>', 'for a million tokens out').argParser(money))
    .addOption(new Option('--electricity <money>', 'for a kilowatt-hour').argParser(money))
    .addOption(new Option('--currency <code>', 'such as USD or EUR (default: as before)').argParser(currencyCode))
    .action(async (model: string | undefined, options: PriceOptions) => {
      const { benchmarks } = await context.services();
      const before = benchmarks.prices();
      const isPriced = options.input !== undefined && options.output !== undefined;
      if ((model !== undefined) !== isPriced || (options.input === undefined) !== (options.output === undefined)) {
        throw new RpcError(systemErrors.usage, 'A price takes a model, --input and --output.', {
          hint: 'Such as: rightsize prices gpt-4o-mini --input 0.15 --output 0.6 --currency USD',
        });
      }
      if (options.currency !== undefined && !isPriced && options.electricity === undefined) {
        throw new RpcError(systemErrors.usage, 'A currency belongs to a price.', {
          hint: 'Such as: rightsize prices --electricity 0.31 --currency EUR',
        });
      }
      const after = changed(before, model, options);
      const table = after === before ? before : benchmarks.setPrices(after);
      context.output.document(table);
      if (!context.output.json) context.output.text(tableText(table));
    });
}

function changed(table: PriceTable, model: string | undefined, options: PriceOptions): PriceTable {
  const { input, output, electricity } = options;
  const currency = options.currency ?? table.currency;
  let next = table;
  if (electricity !== undefined) next = { ...next, electricityPerKwh: electricity, currency };
  if (model === undefined || input === undefined || output === undefined) return next;
  const enteredOn = new Date().toISOString().slice(0, 10);
  const price: Price = { model, inputPerMillion: input, outputPerMillion: output, currency, enteredOn };
  return { ...next, prices: [...next.prices.filter((other) => other.model !== model), price] };
}

function tableText({ prices, electricityPerKwh, currency }: PriceTable): string {
  const rows = renderTable(prices, [
    { title: 'Model', maxWidth: 40, text: (price) => price.model },
    { title: '1M in', align: 'right', text: (price) => formatMoney(price.inputPerMillion, price.currency) },
    { title: '1M out', align: 'right', text: (price) => formatMoney(price.outputPerMillion, price.currency) },
    { title: 'Entered on', text: (price) => price.enteredOn },
  ]);
  return `${rows}\nElectricity: ${electricityPerKwh === null ? missing : `${formatMoney(electricityPerKwh, currency)} a kilowatt-hour`}\n`;
}
