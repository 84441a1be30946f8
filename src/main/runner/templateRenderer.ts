import { Worker } from 'node:worker_threads';
import type { TemplateAnswer, TemplateQuestion } from './templateWorker.ts';

/** The worker that renders chat templates, seen from the runner. It ends for good when a question takes too long or too much. */
export interface TemplateRenderer {
  readonly ended: boolean;
  ask(question: Omit<TemplateQuestion, 'id'>, deadlineMs: number): Promise<string>;
}

/** Starts the worker. @param scriptUrl the runner's own script, which serves templates when it is not the main thread. */
export function startTemplateRenderer(scriptUrl: URL): TemplateRenderer {
  const worker = new Worker(scriptUrl, {
    execArgv: [],
    env: { TZ: process.env.TZ ?? '' },
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
  });
  const waiting = new Map<number, { resolve(text: string): void; reject(error: Error): void }>();
  let nextId = 1;
  let sentTemplate = false;
  let ended = false;

  function end(reason: string): void {
    ended = true;
    for (const question of waiting.values()) question.reject(new Error(reason));
    waiting.clear();
  }
  worker.on('message', (answer: TemplateAnswer) => {
    const question = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) question?.resolve(answer.text);
    else question?.reject(new Error(answer.message));
  });
  worker.on('error', (error: Error & { readonly code?: string }) => {
    end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it needs more than 256 MB of memory' : error.message);
  });
  worker.on('exit', () => end('its renderer ended'));
  // After the listeners, which take a reference themselves.
  worker.unref();

  return {
    get ended() {
      return ended;
    },
    ask(question, deadlineMs) {
      const id = nextId++;
      return new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => {
          end(`it did not finish in ${deadlineMs / 1000} s`);
          void worker.terminate();
        }, deadlineMs);
        waiting.set(id, {
          resolve: (text) => {
            clearTimeout(timer);
            resolve(text);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        });
        worker.postMessage({ id, ...question, template: sentTemplate ? null : question.template } satisfies TemplateQuestion);
        sentTemplate = true;
      });
    },
  };
}
