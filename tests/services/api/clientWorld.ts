import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiServer, startApiServer } from '#main/services/api/apiServer.ts';
import { createServices, type Services } from '#main/services/createServices.ts';
import { writeCallingModel } from '../../fixtures/gguf/callingModel.ts';
import { writeThinkingModel } from '../../fixtures/gguf/thinkingModel.ts';
import { writeTirelessModel } from '../../fixtures/gguf/tirelessModel.ts';
import { testPorts, tiny } from '../servicesHarness.ts';

/** A running API with the models that its clients are tried with. */
export interface ClientWorld {
  readonly server: ApiServer;
  readonly services: Services;
  readonly key: string;
  /** A starter model. */
  readonly tiny: string;
  /** Calls the calculator when it is offered tools, and says `It is 5875.` when that has told it 5875. */
  readonly calling: string;
  /** Answers until it is stopped. */
  readonly tireless: string;
  /** Thinks `Let me see. Seven, then.` before it says `The answer is seven.` */
  readonly thinking: string;
  /** `/v1/…` with the key. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** When the next request reaches a model. */
  nextCall(): Promise<void>;
  close(): Promise<void>;
}

/** One for all tests of a file: a model is loaded once. */
export async function startClientWorld(): Promise<ClientWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-api-'));
  const services = await createServices(testPorts({ data: join(folder, 'data') }));
  services.settings.update({ threads: 1 });
  await services.library.whenScanned();
  const { library, models } = services;
  const take = async (path: string): Promise<string> => {
    const [artifact] = await library.importPath(path);
    if (artifact === undefined) throw new Error('The model was not imported.');
    return artifact.id;
  };
  const calling = await take(writeCallingModel(join(folder, 'calling.gguf')));
  const tireless = await take(writeTirelessModel(join(folder, 'tireless.gguf')));
  const thinking = await take(writeThinkingModel(join(folder, 'thinking.gguf')));
  const key = 'test-key';
  let onCall: (() => void) | null = null;
  const server = await startApiServer(
    {
      host: '127.0.0.1',
      port: 0,
      key,
      allowedOrigins: [],
      version: '0.1.0',
      onCall: (call) => call.record().request.modelId !== null && onCall?.(),
    },
    { library, models, now: Date.now },
  );
  return {
    server,
    services,
    key,
    tiny,
    calling,
    tireless,
    thinking,
    ask: (path, init = {}) => fetch(new URL(path, server.url), { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } }),
    nextCall: () =>
      new Promise((resolve) => {
        onCall = resolve;
      }),
    async close() {
      await server.close();
      await services.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const question = [{ role: 'user' as const, content: 'What is a token?' }];

/** The calculator, as the calling model calls it. */
export const calculator = {
  name: 'calculator',
  description: 'Calculates.',
  parameters: {
    type: 'object',
    properties: { operation: { type: 'string' }, a: { type: 'number' }, b: { type: 'number' } },
    required: ['operation', 'a', 'b'],
    additionalProperties: false,
  },
} as const;
export const asked = { operation: 'multiply', a: 125, b: 47 };
export const multiply = ({ a, b }: { readonly a: number; readonly b: number }): string => String(a * b);

/** What a schema with one yes or no allows. */
export const yesOrNo = {
  type: 'object',
  properties: { ok: { type: 'boolean' } },
  required: ['ok'],
  additionalProperties: false,
} as const;
