import { join } from 'node:path';
import { keepCompiledCode } from '#main/compileCache.js';

/**
 * Our engine in a process of its own, with the app's hub client and started as the command line is. Usage: node bench/downloadOurs.ts HUB REPO FILE FOLDER
 * Prints one line of JSON: times from the call to its end, as the app would see it; peak memory of the whole process.
 */
keepCompiledCode();
const { transferFile } = await import('#main/services/downloads/transfer/transferFile.ts');
const { createHubClient } = await import('#main/services/hub/createHubClient.ts');
const { Settings } = await import('#shared/contract/settings.ts');

const [hubUrl = '', repo = '', path = '', folder = ''] = process.argv.slice(2);
const settings = Settings.parse({});
const secrets = { isProtected: async () => false, get: async () => null, set: async () => undefined };
const log = { error: console.error, warn: console.error, info: () => undefined };
const hub = createHubClient({
  ports: { env: { HF_ENDPOINT: hubUrl }, secrets, version: 'bench' },
  settings: { read: () => settings },
  log,
  now: Date.now,
});

const rssBeforeBytes = process.memoryUsage().rss;
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const file = await hub.resolve({ repo, revision: 'main', path });
const { bytesReceived } = await transferFile({
  hub,
  repo,
  commit: file.commit,
  path,
  sizeBytes: file.sizeBytes,
  sha256: file.sha256,
  gitSha1: file.gitSha1,
  partialPath: join(folder, 'ours.partial'),
  statePath: join(folder, 'ours.state'),
  maxConnections: 8,
  signal: new AbortController().signal,
  onProgress: () => undefined,
});
const seconds = (performance.now() - startedAt) / 1000;
const cpu = process.cpuUsage(cpuBefore);
await hub.dispose();
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    rssBeforeBytes,
    bytesReceived,
  }),
);
