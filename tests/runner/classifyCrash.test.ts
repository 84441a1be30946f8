import { describe, expect, test } from 'vitest';
import { classifyCrash, type RunnerActivity } from '#main/supervisor/classifyCrash.ts';

interface Case {
  readonly name: string;
  readonly code: number | null;
  readonly signal: string | null;
  readonly activity: RunnerActivity;
  readonly output: readonly string[];
  readonly sawMemoryKill?: boolean;
  readonly expected: string;
}

/** Output as the engine, the drivers and V8 really print it. */
const cases: readonly Case[] = [
  {
    name: 'an assertion while loading',
    code: null,
    signal: 'SIGABRT',
    activity: 'loading',
    output: ['/build/llama.cpp/src/llama-vocab.cpp:2539: GGML_ASSERT(id_to_token.size() == token_to_id.size()) failed'],
    expected: 'gguf-invalid',
  },
  { name: 'a segmentation fault while loading', code: null, signal: 'SIGSEGV', activity: 'loading', output: [], expected: 'gguf-invalid' },
  {
    name: 'an abort while loading, reported by exit code',
    code: 134,
    signal: null,
    activity: 'loading',
    output: [],
    expected: 'gguf-invalid',
  },
  {
    name: 'an assertion while answering',
    code: null,
    signal: 'SIGABRT',
    activity: 'generating',
    output: ['/build/ggml/src/ggml-cpu/ops.cpp:3949: GGML_ASSERT(eps >= 0.0f) failed'],
    expected: 'runner-crashed',
  },
  {
    name: 'CUDA out of memory',
    code: null,
    signal: 'SIGABRT',
    activity: 'loading',
    output: [
      'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 4096.00 MiB on device 0: cudaMalloc failed: out of memory',
      'CUDA error: out of memory',
    ],
    expected: 'out-of-memory',
  },
  {
    name: 'a C++ allocation that failed',
    code: null,
    signal: 'SIGABRT',
    activity: 'loading',
    output: ["terminate called after throwing an instance of 'std::bad_alloc'", '  what():  std::bad_alloc'],
    expected: 'out-of-memory',
  },
  {
    name: 'a full JavaScript heap',
    code: null,
    signal: 'SIGABRT',
    activity: 'loading',
    output: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    expected: 'out-of-memory',
  },
  {
    name: 'Vulkan out of memory',
    code: null,
    signal: 'SIGABRT',
    activity: 'generating',
    output: [
      "terminate called after throwing an instance of 'vk::OutOfDeviceMemoryError'",
      '  what():  vk::Device::allocateMemory: ErrorOutOfDeviceMemory',
    ],
    expected: 'out-of-memory',
  },
  {
    name: 'a cache that the GPU does not hold in one buffer',
    code: null,
    signal: 'SIGABRT',
    activity: 'loading',
    output: [
      '/llama.cpp/ggml/src/ggml-backend.cpp:941: pre-allocated tensor (cache_k_l0) in a buffer (Vulkan0) that cannot run the operation (NONE)',
    ],
    expected: 'out-of-memory',
  },
  {
    name: 'a lost GPU',
    code: null,
    signal: 'SIGABRT',
    activity: 'generating',
    output: ['  what():  vk::Queue::submit: ErrorDeviceLost'],
    expected: 'driver-failed',
  },
  {
    name: 'a CUDA error',
    code: null,
    signal: 'SIGABRT',
    activity: 'generating',
    output: ['CUDA error: an illegal memory access was encountered', 'ggml-cuda.cu:98: CUDA error'],
    expected: 'driver-failed',
  },
  {
    name: 'an unknown architecture',
    code: 1,
    signal: null,
    activity: 'loading',
    output: ["llama_model_load: error loading model: unknown model architecture: 'nonesuch'"],
    expected: 'architecture-unsupported',
  },
  {
    name: 'a bad file on a machine whose GPU had only been named',
    code: null,
    signal: 'SIGABRT',
    activity: 'loading',
    output: [
      '[llama.cpp warn] ggml_metal_init: picking default device: Apple M2',
      '[llama.cpp warn] ggml_vulkan: Intel(R) UHD Graphics (Intel open-source Mesa driver) | uma: 1 | fp16: 1',
      '/llama.cpp/src/llama-model.cpp:542: GGML_ASSERT(hparams.n_expert <= LLAMA_MAX_EXPERTS) failed',
    ],
    expected: 'gguf-invalid',
  },
  {
    name: 'a Vulkan call that failed',
    code: null,
    signal: 'SIGABRT',
    activity: 'generating',
    output: ['  what():  vk::Device::createComputePipeline: ErrorFeatureNotPresent'],
    expected: 'driver-failed',
  },
  {
    name: 'a Metal call that failed',
    code: null,
    signal: 'SIGABRT',
    activity: 'generating',
    output: ['[llama.cpp error] ggml_metal_synchronize: error: command buffer 0 failed with status 5'],
    expected: 'driver-failed',
  },
  { name: 'a mapped file that was cut short', code: null, signal: 'SIGBUS', activity: 'generating', output: [], expected: 'file-changed' },
  { name: 'a kill from outside', code: null, signal: 'SIGKILL', activity: 'generating', output: [], expected: 'runner-crashed' },
  {
    name: 'a kill by the kernel for want of memory',
    code: null,
    signal: 'SIGKILL',
    activity: 'generating',
    output: [],
    sawMemoryKill: true,
    expected: 'out-of-memory',
  },
  { name: 'a kill while loading', code: null, signal: 'SIGKILL', activity: 'loading', output: [], expected: 'out-of-memory' },
  {
    name: 'a kill while loading, reported by exit code',
    code: 137,
    signal: null,
    activity: 'loading',
    output: [],
    expected: 'out-of-memory',
  },
  {
    name: 'an exit of its own while the kernel killed another process',
    code: 1,
    signal: null,
    activity: 'idle',
    output: [],
    sawMemoryKill: true,
    expected: 'runner-crashed',
  },
  { name: 'an exit nobody asked for', code: 1, signal: null, activity: 'idle', output: [], expected: 'runner-crashed' },
  {
    name: 'a script that is not there',
    code: 1,
    signal: null,
    activity: 'starting',
    output: ['Error: Cannot find module'],
    expected: 'runner-crashed',
  },
];

describe('the end of a runner by', () => {
  test.for(cases)('$name is $expected', ({ expected, ...facts }) => {
    const { code, signal, activity, output, sawMemoryKill = false } = facts;
    const error = classifyCrash({ key: 'model', exit: { code, signal }, activity, output, sawMemoryKill });
    expect(error.code).toBe(expected);
    expect(error.hint).toBeTruthy();
    expect(error.data).toEqual({ key: 'model', exitCode: code, signal, activity, output });
  });

  test('a kill says that memory is the usual cause', () => {
    expect(classifyCrash({ key: 'model', exit: { code: null, signal: 'SIGKILL' }, activity: 'generating', output: [] }).message).toMatch(
      /memory/,
    );
  });
});
