import { createRequire } from 'node:module';
import { chatErrors } from '#shared/contract/chat.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** As much of the second engine's binding as is used: llama.cpp with its library for images (decision 053). */
export interface NativeContext {
  getModelInfo(): { readonly nParams: number; readonly metadata: Readonly<Record<string, string>> };
  /** @returns false, or throws, where the projector cannot be used */
  initMultimodal(options: { readonly path: string; readonly use_gpu: boolean }): boolean;
  getMultimodalSupport(): { readonly vision: boolean };
  /** GBNF rules come with what a template makes of a response format. */
  getFormattedChat(
    messages: readonly { readonly role: string; readonly content: string }[],
    template: string,
    options: { readonly jinja: true; readonly response_format: object },
  ): { readonly grammar?: string } | string;
  /** One at a time. Rejects for media it cannot read, and is of no use afterwards. */
  completion(options: Readonly<Record<string, unknown>>, onToken: (piece: { readonly token: string }) => void): Promise<NativeAnswer>;
  stopCompletion(): void;
  tokenize(text: string, media: readonly string[]): Promise<{ readonly tokens: Int32Array }>;
  detokenize(tokens: readonly number[]): Promise<string>;
  release(): Promise<void>;
}

export interface NativeAnswer {
  readonly text: string;
  readonly stopped_eos: boolean;
  readonly timings: { readonly prompt_n: number; readonly prompt_ms: number };
}

export interface NativeModule {
  readonly LlamaContext: new (options: Readonly<Record<string, unknown>>, onProgress: (percent: number) => void) => NativeContext;
}

/** Where a picture stands in a prompt. */
export const mediaMark = '<__media__>';

/**
 * Loads the second engine of this platform.
 * @param backend `vulkan` and `cuda` take the Vulkan build, which serves both, and without it the plain one; Metal is part of the Mac's own
 * @throws {RpcError} images-unsupported where none is installed
 */
export function loadNativeVision(backend: 'cpu' | 'cuda' | 'vulkan' | 'metal'): NativeModule {
  const require = createRequire(import.meta.url);
  const platform = `@fugood/node-llama-${process.platform}-${process.arch}`;
  const builds = backend === 'vulkan' || backend === 'cuda' ? [`${platform}-vulkan`, platform] : [platform];
  let failure: unknown;
  for (const name of builds) {
    try {
      return require(name) as NativeModule;
    } catch (error) {
      failure = error;
    }
  }
  throw notInstalled(failure);
}

function notInstalled(cause: unknown): RpcError {
  return new RpcError(chatErrors.noVision, 'The engine that reads images is not installed for this system.', {
    hint: 'Ask without images, or add an endpoint with a model that can see.',
    cause,
  });
}
