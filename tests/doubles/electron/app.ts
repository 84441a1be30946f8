import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { closeBrowser } from './browser.ts';
import { onCommand, report } from './control.ts';

interface CloseableWindow {
  close(): void;
}

/** An event that a listener may prevent, as Electron's are. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault = (): void => {
    this.defaultPrevented = true;
  };
}

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly windows = new Set<CloseableWindow>();
  readonly #paths = new Map<string, string>();
  #isQuitting = false;

  enableSandbox(): void {
    report({ kind: 'sandbox' });
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getPath(name: string): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }

  /** The folder of the package.json above the main script, as `electron <folder>` has it. */
  getAppPath(): string {
    let folder = dirname(process.argv[1] ?? process.cwd());
    while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
    return folder;
  }

  getVersion(): string {
    return String((JSON.parse(readFileSync(join(this.getAppPath(), 'package.json'), 'utf8')) as { version: unknown }).version);
  }

  /** As in Electron the lock is one per user data folder; losing it tells the holder. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    const socket = join(folder, 'SingletonSocket');
    const holder = join(folder, 'SingletonLock');
    if (isAlive(holder)) {
      const client = connect(socket, () => client.end('second'));
      client.on('error', () => undefined);
      return false;
    }
    rmSync(socket, { force: true });
    writeLock(holder);
    const server = createServer((client) => {
      client.resume();
      report({ kind: 'second-instance' });
      this.emit('second-instance', new PreventableEvent(), [], folder);
    });
    server.listen(socket);
    server.unref();
    process.once('exit', () => {
      rmSync(holder, { force: true });
      rmSync(socket, { force: true });
    });
    return true;
  }

  async whenReady(): Promise<void> {
    await Promise.resolve();
  }

  quit(): void {
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented || this.#isQuitting) return;
    this.#isQuitting = true;
    for (const window of this.windows) window.close();
    this.emit('will-quit', new PreventableEvent());
    this.exit(0);
  }

  exit(code = 0): void {
    void closeBrowser().finally(() => process.exit(code));
  }

  /** Called by the double's windows. */
  windowClosed(window: CloseableWindow): void {
    this.windows.delete(window);
    if (this.windows.size > 0 || this.#isQuitting) return;
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }
}

function isAlive(lockFile: string): boolean {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

function writeLock(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, String(process.pid));
}

export const app = new App();
onCommand('quit', () => app.quit());
// Electron quits in order on both.
process.on('SIGTERM', () => app.quit());
process.on('SIGINT', () => app.quit());
