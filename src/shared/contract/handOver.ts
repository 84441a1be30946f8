import * as z from 'zod';

/** A ready way to run a model somewhere else. */
export const HandOver = z.object({
  target: z.enum(['llama-server', 'systemd', 'compose', 'ollama', 'vllm']),
  /** For people: `llama-server`, `Ollama Modelfile`. */
  title: z.string(),
  /** What to type; empty where the files say it all. */
  command: z.string(),
  files: z.array(z.object({ name: z.string(), text: z.string() })),
  /** What has to be known: what is not carried over, what must be installed. */
  notes: z.array(z.string()),
  /** Why this target cannot run it; null where it can. */
  problem: z.string().nullable(),
});
export type HandOver = z.infer<typeof HandOver>;
