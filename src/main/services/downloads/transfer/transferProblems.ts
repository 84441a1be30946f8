import { hubErrors } from '#shared/contract/catalog.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { TransferProgress } from './transfer.ts';

export type TransferProblem = NonNullable<TransferProgress['problem']>;

const passing = new Set<string>([hubErrors.unreachable, hubErrors.down, hubErrors.rateLimited, hubErrors.notTheHub]);

/** Whether an error of the hub client goes away by itself. */
export function isPassing(error: unknown): error is RpcError {
  return error instanceof RpcError && passing.has(error.code);
}

export function problemOf(error: RpcError): TransferProblem {
  return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}

/** What a transfer waits for, in words. `detail` is a code of Node or a status, never an address. */
export const transferProblems = {
  unreachable: (detail: string): TransferProblem => ({
    code: hubErrors.unreachable,
    message: `The connection was lost (${detail}). What was downloaded is kept.`,
    hint: 'It goes on by itself when the network is back.',
  }),
  silent: (): TransferProblem => ({
    code: hubErrors.unreachable,
    message: 'Nothing arrives any more. What was downloaded is kept.',
    hint: 'It is tried again by itself.',
  }),
  down: (): TransferProblem => ({
    code: hubErrors.down,
    message: 'The hub cannot send the file right now. What was downloaded is kept.',
    hint: 'It is tried again by itself.',
  }),
  rateLimited: (): TransferProblem => ({
    code: hubErrors.rateLimited,
    message: 'The hub asks to wait: too many requests from this address. What was downloaded is kept.',
    hint: 'It goes on by itself. A token in the settings raises the limit.',
  }),
  notTheHub: (): TransferProblem => ({
    code: hubErrors.notTheHub,
    message: 'A web page came instead of the file, as from a network that wants a sign-in. What was downloaded is kept.',
    hint: 'Sign in to the network in a browser; it goes on by itself.',
  }),
  odd: (what: string): TransferProblem => ({
    code: hubErrors.badAnswer,
    message: `The server answered with ${what}. What was downloaded is kept.`,
    hint: 'It is tried again by itself.',
  }),
  denied: (): TransferProblem => ({
    code: hubErrors.denied,
    message: 'The hub gave an address for the file and then refused it. What was downloaded is kept.',
    hint: 'It is tried again by itself.',
  }),
} as const;

/** The same, when trying again has not helped. */
export function giveUp(problem: TransferProblem): RpcError {
  return new RpcError(problem.code, problem.message, { hint: 'Try again later.' });
}

export function goneFromHub(): RpcError {
  return new RpcError(
    hubErrors.fileNotFound,
    'The hub has this file in its list, but not any more in its store. What was downloaded is kept.',
    {
      hint: 'Look whether the repo has a newer version, and download that.',
    },
  );
}
