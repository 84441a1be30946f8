import { describe, expect, it } from 'vitest';
import { publisherFacts } from '#core/names/publishers.ts';

describe('a publisher', () => {
  it.each(['unsloth', 'bartowski', 'mradermacher', 'ggml-org', 'lmstudio-community', 'Mungert'])('%s is a trusted packager', (name) => {
    expect(publisherFacts(name)).toEqual({ kind: 'packager', isTrusted: true, isForThisEngine: true });
  });

  it.each(['Qwen', 'google', 'meta-llama', 'mistralai', 'microsoft', 'QWEN'])('%s is a lab, in any case', (name) => {
    expect(publisherFacts(name)).toEqual({ kind: 'lab', isTrusted: true, isForThisEngine: true });
  });

  it.each(['mlx-community', 'litert-community'])('%s packages for other engines', (name) => {
    expect(publisherFacts(name)).toMatchObject({ isTrusted: false, isForThisEngine: false });
  });

  it.each(['', 'somebody', '__proto__', 'constructor'])('%j is unknown and not trusted', (name) => {
    expect(publisherFacts(name)).toEqual({ kind: 'unknown', isTrusted: false, isForThisEngine: true });
  });

  it('that is trusted by nobody but known is not trusted', () => {
    expect(publisherFacts('TheBloke')).toMatchObject({ kind: 'packager', isTrusted: false });
    expect(publisherFacts('DavidAU')).toMatchObject({ kind: 'tuner', isTrusted: false });
  });
});
