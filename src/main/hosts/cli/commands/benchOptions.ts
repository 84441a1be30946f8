import { type Command, Option } from 'commander';
import { kvTypes } from '#core/fit/fitTypes.ts';
import { RunPlan } from '#shared/contract/benchmarks.ts';
import { Thinking } from '#shared/contract/chat.ts';
import { commaList, integerFrom, numberList, positiveInteger, share, temperatureList, wholeNumber } from '../optionValues.ts';

/** What `bench` was told; names are still names. */
export interface BenchOptions {
  readonly models?: string[];
  readonly suite?: string[];
  readonly dataset?: string;
  readonly skipBadLines?: true;
  readonly temperatures?: number[];
  readonly repeats?: number;
  readonly bar?: number;
  readonly margin?: number;
  readonly reference?: string;
  readonly testing?: RunPlan['testing'];
  readonly judge?: string;
  readonly baseline?: string;
  readonly limit?: number;
  readonly maxTokens?: number;
  readonly answerSeconds?: number;
  readonly turns?: number;
  readonly context?: number;
  readonly kv?: RunPlan['kvType'];
  readonly thinking?: RunPlan['thinking'];
  readonly seed?: number;
  readonly constrained?: true;
  readonly earlyStop?: true;
  readonly lanes?: number;
  readonly concurrency?: number[];
  readonly retries?: number;
  readonly runMinutes?: number;
  readonly pauseOnBattery?: true;
  readonly pauseOnHeat?: true;
  readonly out?: string;
  readonly resume?: string;
  readonly extend?: string;
  readonly items?: number;
}

/** Puts every option of `bench` on the command, in groups. */
export function addBenchOptions(command: Command): Command {
  const { testing } = RunPlan.shape;
  return command
    .optionsGroup('What is asked:')
    .addOption(
      new Option(
        '--models <list>',
        'all, or names separated by commas; endpoint:ID/MODEL for one behind an endpoint (default: all)',
      ).argParser(commaList),
    )
    .addOption(new Option('--suite <list>', 'suites, separated by commas').argParser(commaList))
    .option('--dataset <file>', 'your own labelled items: JSONL, CSV, or a promptfoo configuration')
    .option('--skip-bad-lines', 'use the good lines of a data set that has bad ones')
    .addOption(
      new Option('--limit <number>', 'only the first items of every suite; the run can be extended later').argParser(positiveInteger),
    )
    .addOption(
      new Option('--temperatures <list>', "temperatures, separated by commas (default: the suite's own, or 0)").argParser(temperatureList),
    )
    .addOption(new Option('--repeats <number>', 'how often each item is asked above temperature 0').argParser(integerFrom(1, 100)))
    .addOption(new Option('--seed <number>', 'seed of the sampling').argParser(wholeNumber))
    .optionsGroup('The verdict:')
    .addOption(new Option('--bar <share>', 'what must be passed (default: 0.8)').argParser(share))
    .addOption(new Option('--margin <share>', 'how much worse than the reference is still equal (default: 0.1)').argParser(share))
    .option('--reference <model>', 'what the others are held against, of the run or endpoint:ID/MODEL; the best one when left out')
    .addOption(
      new Option(
        '--testing <how>',
        'how the 5% are shared: among all models, or spent from the largest down until one does not pass (default: holm)',
      ).choices(testing.unwrap().options),
    )
    .option('--early-stop', 'leave a model as soon as it is bound to miss the bar')
    .option(
      '--judge <model>',
      'a model that is asked about answers after all others; it decides only what nothing else can, and only if it agrees with people',
    )
    .option('--baseline <run>', 'an earlier run to compare with, item by item; "last" is the newest; exit code 3 where a model got worse')
    .optionsGroup('How it is asked:')
    .addOption(
      new Option('--context <number>', 'context in tokens; as usual, or what a suite needs').argParser(integerFrom(128, 16_777_216)),
    )
    .addOption(new Option('--kv <type>', 'type of keys and values in memory').choices(kvTypes))
    .addOption(new Option('--thinking <when>', 'of models that can think (default: default)').choices(Thinking.options))
    .option('--constrained', 'hold answers to the JSON Schema of their item')
    .addOption(
      new Option('--lanes <number>', 'single-threaded runners side by side on a CPU; as many as pay when left out').argParser(
        integerFrom(1, 64),
      ),
    )
    .addOption(
      new Option('--concurrency <list>', 'requests at the same time that an endpoint is measured with (default: 1)').argParser(
        numberList(1, 64),
      ),
    )
    .optionsGroup('Limits:')
    .addOption(new Option('--max-tokens <number>', 'longest answer').argParser(positiveInteger))
    .addOption(new Option('--answer-seconds <number>', 'longest time of an answer, tools included').argParser(integerFrom(1, 86_400)))
    .addOption(new Option('--turns <number>', 'most turns of an answer with tools').argParser(integerFrom(1, 50)))
    .addOption(new Option('--retries <number>', 'askings again after a crash or a broken connection').argParser(integerFrom(0, 10)))
    .addOption(new Option('--run-minutes <number>', 'pause after so many minutes').argParser(positiveInteger))
    .option('--pause-on-battery', 'pause while the machine runs on battery')
    .option('--pause-on-heat', 'pause while the machine is too hot to run at full speed')
    .optionsGroup('The run:')
    .option('--out <folder>', 'where the report is written')
    .option('--resume <run>', 'go on with a run that was paused, interrupted or killed; "last" is the newest')
    .option('--extend <run>', 'ask more items in a finished run that was cut short by --limit; "last" is the newest')
    .addOption(
      new Option('--items <number>', 'with --extend: how many more of every suite; as many as would decide when left out').argParser(
        integerFrom(1, 100_000),
      ),
    );
}
