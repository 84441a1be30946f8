import { randomInt, randomUUID } from 'node:crypto';
import { type AttachedBytes, attachmentTable } from '#main/storage/attachmentTable.ts';
import { comparisonTable, type StoredComparison } from '#main/storage/comparisonTable.ts';
import type { Database } from '#main/storage/database.ts';
import { chatErrors } from '#shared/contract/chat.ts';
import { type ComparedAnswer, type ComparisonDraft, type ComparisonEvent, comparisonErrors } from '#shared/contract/comparisons.ts';
import type { ChatTurn, GenerateRequest } from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { type ChatModel, chatModel, type ModelFinder } from '../chat/chatModels.ts';
import { readAttachments } from '../chat/readAttachments.ts';
import { questionTurn } from '../chat/toTurns.ts';
import type { ModelService } from '../models/modelService.ts';
import { answerColumn, maySee } from './answerColumn.ts';
import type { ComparisonService } from './comparisonService.ts';
import { countStandings } from './countStandings.ts';
import { fitsBeside } from './fitsBeside.ts';
import { shownComparison, shownEntry, unwritten } from './hideNames.ts';
import { takeTogether, takeTurns } from './paceColumns.ts';

export interface ComparisonServiceOptions extends ModelFinder {
  readonly models: Pick<ModelService, 'acquire' | 'plan' | 'loaded'>;
  readonly database: Database;
  readonly log: Log;
  readonly now: () => number;
  /** A whole number from 0 to below the limit. Replaced in tests. */
  readonly random?: (limit: number) => number;
}

interface Running {
  comparison: StoredComparison;
  readonly stops: readonly AbortController[];
  readonly ended: Promise<void>;
}

/** A crash of the app loses at most this much of the answers. */
const persistEveryMs = 500;
const seedLimit = 2 ** 32;

/** Opens the comparisons. Columns that a crash cut off are marked as stopped. */
export function createComparisonService(options: ComparisonServiceOptions): ComparisonService {
  const { log, now, random = (limit) => randomInt(limit) } = options;
  const table = comparisonTable(options.database);
  const attachments = attachmentTable(options.database, 'comparison');
  const closing = new AbortController();
  /** One at a time: two would spoil each other's speeds. */
  let running: Running | null = null;
  /** Held from the first look at its models until it runs. */
  let isBeginning = false;

  function require(id: string): StoredComparison {
    if (running?.comparison.id === id) return running.comparison;
    const found = table.get(id);
    if (found !== undefined) return settled(found);
    throw notFound('This comparison is not there.');
  }

  function requireEnded(id: string): StoredComparison {
    const comparison = require(id);
    if (running?.comparison.id !== id) return comparison;
    throw busy('This comparison is still being written.', 'Wait for its answers, or stop it.');
  }

  const shown = (comparison: StoredComparison) => shownComparison(comparison, { isWriting: running?.comparison.id === comparison.id });

  /** What is only a copy of what the page shows must not cost an answer: the last save tells a full disk to whoever asked. */
  function keep(comparison: StoredComparison): void {
    try {
      table.save(comparison);
    } catch (error) {
      log.warn('comparison.not-kept', { comparisonId: comparison.id, error });
    }
  }

  async function write(
    begun: StoredComparison,
    { models, attached }: { readonly models: readonly ChatModel[]; readonly attached: readonly AttachedBytes[] },
    { signal, emit }: { readonly signal: AbortSignal; readonly emit: (event: ComparisonEvent) => void },
  ): Promise<StoredComparison> {
    const { promise: hasEnded, resolve: end } = Promise.withResolvers<void>();
    const current: Running = { comparison: begun, stops: models.map(() => new AbortController()), ended: hasEnded };
    running = current;
    isBeginning = false;
    const all = AbortSignal.any([signal, closing.signal]);
    const tell = (event: ComparisonEvent): void => (begun.isRevealed ? emit(event) : undefined);
    let persistedAt = performance.now();
    let endedCount = 0;
    const request = requestOf(begun, attached);

    const onAnswer = (index: number, answer: ComparedAnswer): void => {
      const before = current.comparison.answers[index];
      current.comparison = { ...current.comparison, answers: current.comparison.answers.with(index, answer) };
      if (before?.state === answer.state && performance.now() - persistedAt < persistEveryMs) return;
      persistedAt = performance.now();
      keep(current.comparison);
      if (before?.state !== answer.state) tell({ kind: 'column', index, answer });
    };
    const answer = async (index: number, onLoaded: () => void): Promise<void> => {
      const [model, waiting, stop] = [models[index], begun.answers[index], current.stops[index]];
      if (model === undefined || waiting === undefined || stop === undefined) throw new Error(`There is no column ${index}.`);
      const { state, error } = await answerColumn(waiting, {
        model,
        request,
        signal: AbortSignal.any([all, stop.signal]),
        onLoaded,
        onAnswer: (next) => onAnswer(index, next),
        onEvent: (event) => tell({ kind: 'answer', index, event }),
      });
      if (state === 'failed') log.warn('comparison.answer-failed', { comparisonId: begun.id, reason: error?.code });
      endedCount += 1;
      emit({ kind: 'progress', ended: endedCount });
    };

    try {
      emit({ kind: 'started', comparison: shown(begun) });
      // Of a blind one another order than the columns': which model is in memory is seen in the app.
      const order = begun.isRevealed
        ? models.map((_model, index) => index)
        : shuffled(
            models.map((_model, index) => index),
            random,
          );
      if (begun.pace === 'turns') await takeTurns({ order, answer });
      else await takeTogether({ order, answer }, { fits: (index) => fitsBeside(models[index], { models: options.models, signal: all }) });
      current.comparison = toldWhereStopped(current.comparison);
      table.save(current.comparison);
      return current.comparison;
    } finally {
      running = null;
      end();
    }
  }

  function markInterrupted(): void {
    for (const { id } of table.list().filter(({ models }) => models.some(isOpen))) {
      const comparison = table.get(id);
      if (comparison !== undefined) table.save(settled(comparison));
      log.warn('comparison.interrupted', { comparisonId: id });
    }
  }
  markInterrupted();

  return {
    async start(draft, { signal, emit }) {
      if (running !== null || isBeginning) throw busy('Another comparison is being written.', 'Wait for its answers, or stop it.');
      if (new Set(draft.modelIds).size < draft.modelIds.length) {
        throw new RpcError(pipeErrors.badInput, 'The same model stands there twice.', {
          hint: 'With the same seed it would write the same words twice: choose another in its place.',
        });
      }
      isBeginning = true;
      try {
        const found = await Promise.all(draft.modelIds.map((id) => chatModel(id, options)));
        const models = draft.isBlind ? shuffled(found, random) : found;
        const attached = readAttachments(draft.attachments);
        if (attached.some(({ kind }) => kind === 'image') && !models.some(maySee)) throw noneSees();
        const begun = newComparison({ ...draft, attachments: attached.map(({ bytes: _bytes, ...about }) => about) }, models, {
          now,
          random,
        });
        options.database.transaction(() => {
          table.save(begun);
          attachments.save(begun.id, attached);
        });
        return shown(await write(begun, { models, attached }, { signal, emit }));
      } finally {
        isBeginning = false;
      }
    },

    stop(id, index) {
      require(id);
      if (running?.comparison.id === id) running.stops[index]?.abort();
    },

    vote(id, vote) {
      const comparison = requireEnded(id);
      if (typeof vote === 'number' && comparison.answers[vote] === undefined) {
        throw new RpcError(pipeErrors.badInput, 'There is no such answer.', { hint: 'Choose one of those that are shown.' });
      }
      const isFirst = !comparison.isRevealed;
      const blindVote = isFirst ? vote : vote === null ? null : comparison.blindVote;
      const voted: StoredComparison = { ...comparison, vote, blindVote, isRevealed: true };
      table.save(voted);
      return shown(voted);
    },

    list: () => table.list().map(shownEntry),
    open: (id) => shown(require(id)),
    attachment(attachmentId) {
      const found = attachments.get(attachmentId);
      if (found === undefined) throw notFound('This file is not there.');
      const { bytes, ...about } = found;
      return { ...about, data: Buffer.from(bytes).toString('base64') };
    },
    remove(id) {
      requireEnded(id);
      table.remove(id);
    },
    standings: () => countStandings(table.list()),
    async dispose() {
      closing.abort();
      await running?.ended;
    },
  };
}

function newComparison(
  { modelIds: _modelIds, ...draft }: Omit<ComparisonDraft, 'attachments'> & Pick<StoredComparison, 'attachments'>,
  models: readonly ChatModel[],
  { now, random }: { readonly now: () => number; readonly random: (limit: number) => number },
): StoredComparison {
  return {
    ...draft,
    id: randomUUID(),
    sampling: { ...draft.sampling, seed: draft.sampling.seed ?? random(seedLimit) },
    answers: models.map(({ id, name }, index) => ({ ...unwritten('ABCD'.charAt(index)), modelId: id, modelName: name })),
    vote: null,
    createdAt: now(),
    isRevealed: !draft.isBlind,
    blindVote: null,
  };
}

function requestOf({ systemPrompt, prompt, sampling }: StoredComparison, attached: readonly AttachedBytes[]): GenerateRequest {
  const system: ChatTurn[] = systemPrompt.trim() === '' ? [] : [{ role: 'system', content: systemPrompt }];
  return {
    turns: [...system, questionTurn({ text: prompt, attached, seesImages: true })],
    sampling,
    schema: null,
    // A prefix that one of them has read before would make its first token come sooner than the others'.
    prefix: 'fresh',
    overflow: 'fail',
  };
}

/** With every column at its end: the app ended while it was written, or its end could not be stored. @returns the same where it is so already */
function settled(comparison: StoredComparison): StoredComparison {
  if (!comparison.answers.some(isOpen)) return comparison;
  const answers = comparison.answers.map(
    (answer): ComparedAnswer => (isOpen(answer) ? { ...answer, state: 'stopped', finishReason: 'cancelled' } : answer),
  );
  return toldWhereStopped({ ...comparison, answers });
}

/** Who was being asked is known to whoever saw which model was in memory when it was stopped: the names are told, and no vote is blind any more. */
function toldWhereStopped(comparison: StoredComparison): StoredComparison {
  return comparison.answers.some(({ state }) => state === 'stopped') ? { ...comparison, isRevealed: true } : comparison;
}

const isOpen = ({ state }: Pick<ComparedAnswer, 'state'>): boolean => state === 'waiting' || state === 'streaming';

/** Every order as likely as another (R. Durstenfeld, CACM 7 (1964) 420). */
function shuffled<T>(items: readonly T[], random: (limit: number) => number): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random(left.length), 1));
}

function notFound(message: string): RpcError {
  return new RpcError(comparisonErrors.notFound, message, { hint: 'It may have been removed: choose another.' });
}

function noneSees(): RpcError {
  return new RpcError(chatErrors.noVision, 'None of these models can be shown pictures. Nothing was asked.', {
    hint: 'Choose a model with a vision projector, or take the picture away.',
  });
}

function busy(message: string, hint: string): RpcError {
  return new RpcError(comparisonErrors.busy, message, { hint });
}
