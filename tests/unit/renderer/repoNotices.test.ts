import { describe, expect, it } from 'vitest';
import type { CatalogQuant } from '#shared/contract/catalog.ts';
import { repoNotices } from '../../../src/renderer/features/discover/repoNotices.ts';
import { catalogHeader, catalogRepo } from '../../fixtures/page/catalogData.ts';

const repo = catalogRepo('unsloth/Qwen3-30B-A3B-Instruct-2507-GGUF', null);
const quant = repo.quants.find((one) => one.type === 'Q4_K_M') as CatalogQuant;
const fine = { repo, quant, missing: null, header: null, access: undefined, isVision: false, freeBytes: 500e9, isInstalled: false };
const ids = (facts: Parameters<typeof repoNotices>[0]): readonly string[] => repoNotices(facts).map((notice) => notice.id);

describe('what is said before a download', () => {
  it('is nothing where nothing is in the way', () => {
    expect(ids(fine)).toEqual([]);
  });

  it('is that the engine does not know the architecture, by its name', () => {
    const [notice] = repoNotices({ ...fine, repo: { ...repo, architecture: 'zaya3', isArchitectureSupported: false } });
    expect(notice).toMatchObject({ id: 'architecture', tone: 'bad' });
    expect(notice?.text).toContain('zaya3');
    expect(ids({ ...fine, repo: { ...repo, isArchitectureSupported: null } })).toEqual([]);
  });

  it.each([
    ['token-needed', 'settings'],
    ['licence-not-accepted', 'page'],
    ['denied', 'page'],
    ['unknown', 'check-again'],
  ] as const)('is how to pass a gate: %s', (access, action) => {
    const [notice] = repoNotices({ ...fine, repo: { ...repo, gated: 'auto' }, access });
    expect(notice?.id).toBe('access');
    expect(notice?.actions).toContain(action);
  });

  it('is nothing about a gate that is open, nor about one whose file is here already', () => {
    expect(ids({ ...fine, repo: { ...repo, gated: 'auto' }, access: 'granted' })).toEqual([]);
    expect(ids({ ...fine, repo: { ...repo, gated: 'auto' }, access: 'denied', isInstalled: true })).toEqual([]);
  });

  it('is how much disk space is missing', () => {
    const [notice] = repoNotices({ ...fine, freeBytes: 12.4e9 });
    expect(notice).toMatchObject({ id: 'disk', text: 'Q4_K_M is 18.6 GB. 12.4 GB is free, so 6.2 GB more is needed.' });
    expect(ids({ ...fine, freeBytes: null })).toEqual([]);
  });

  it('is that pictures will not be seen where the repo holds no projector', () => {
    expect(ids({ ...fine, isVision: true })).toEqual(['projector']);
    const projector = { path: 'mmproj-F16.gguf', sizeBytes: 1, sha256: null, gitSha1: null };
    expect(ids({ ...fine, isVision: true, repo: { ...repo, projectors: [projector] } })).toEqual([]);
  });

  it('is which parts of a split quant are missing', () => {
    const [notice] = repoNotices({ ...fine, quant: { ...quant, missingShards: [2, 3] } });
    expect(notice?.text).toContain('Parts 2, 3 of 3');
  });

  it('is where name and header disagree, and what a typed name asked for in vain', () => {
    const header = catalogHeader(repo.repo, quant.file, true);
    expect(ids({ ...fine, header, missing: 'Q4_0' })).toEqual(['missing', 'mismatch-parameters']);
  });
});
