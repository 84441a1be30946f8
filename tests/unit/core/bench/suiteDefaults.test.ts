import { describe, expect, it } from 'vitest';
import { suiteDefaults } from '#core/bench/suiteDefaults.ts';

const talk = { kind: 'labelled', temperatures: [0.1, 0.9], maxTokens: 1024 } as const;
const plain = { kind: 'labelled', temperatures: null } as const;

describe('what a plan starts from', () => {
  it('is what its suites wish, the speed suite aside', () => {
    expect(suiteDefaults([{ kind: 'speed' }, talk, { ...talk, maxTokens: 512 }])).toEqual({
      temperatures: [0.1, 0.9],
      maxTokens: 1024,
      contextTokens: null,
    });
    expect(suiteDefaults([talk, { ...talk, contextTokens: 4096 }, { ...talk, contextTokens: 2048 }]).contextTokens).toBe(4096);
  });

  it("is the plan's own temperature where one of them wishes none or others; the longest answer is still room for all", () => {
    expect(suiteDefaults([talk, plain])).toEqual({ temperatures: null, maxTokens: 1024, contextTokens: null });
    expect(suiteDefaults([talk, { ...talk, temperatures: [0.1] }]).temperatures).toBeNull();
    expect(suiteDefaults([plain])).toEqual({ temperatures: null, maxTokens: null, contextTokens: null });
    expect(suiteDefaults([])).toEqual({ temperatures: null, maxTokens: null, contextTokens: null });
  });
});
