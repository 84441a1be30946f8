/** `npm run dev`: the app with live reload. Electron where its binary is, else the serve host behind Vite's server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';
import { ensureBuild } from './ensureBuild.ts';
import { findElectron } from './findElectron.ts';
import { nodeProgram, root, runCommand } from './runCommand.ts';

async function dev(): Promise<void> {
  if (findElectron() !== null) {
    console.error('Electron binary found: starting the desktop app with live reload.');
    process.exitCode = (await runCommand(nodeProgram('electron-vite/bin/electron-vite.js', 'dev'))).code ?? 1;
    return;
  }
  console.error('No Electron binary: starting the serve host behind a live reloading page.');
  await ensureBuild({ say: (line) => console.error(line) });
  const host = spawn(
    process.execPath,
    [join(root, 'src/main/hosts/serve/main.js'), '--port', '0', '--api-port', '0', '--no-open', '--json'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  process.on('SIGTERM', () => host.kill('SIGTERM'));
  // Ctrl+C in a terminal reaches the host by itself, and its end is ours.
  process.on('SIGINT', () => undefined);
  const url = await firstUrl(host);
  // The host lets nobody in without its cookie and its own origin, so Vite's proxy carries both. Only a developer's machine does this.
  const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? '';
  const target = new URL(url).origin;
  const server = await createServer({
    configFile: false,
    root: join(root, 'src/renderer'),
    plugins: [react(), tailwindcss()],
    server: { host: '127.0.0.1', proxy: { '/pipe': { target, ws: true, changeOrigin: true, headers: { origin: target, cookie } } } },
  });
  await server.listen();
  server.printUrls();
  host.once('exit', () => void server.close().then(() => process.exit()));
}

async function firstUrl(host: ChildProcess): Promise<string> {
  if (host.stdout === null) throw new Error('The serve host has no output.');
  for await (const line of createInterface({ input: host.stdout })) {
    const facts = JSON.parse(line) as { url?: unknown };
    if (typeof facts.url === 'string') return facts.url;
  }
  throw new Error('The serve host ended before it printed its address.');
}

await dev();
