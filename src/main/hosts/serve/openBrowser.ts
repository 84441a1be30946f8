import { spawn } from 'node:child_process';

/** Opens an address in the user's browser where there is a display. Failing to is no error: the address was printed. */
export function openBrowser(url: string): void {
  const command = browserCommand(url);
  if (command === null) return;
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

function browserCommand(url: string): [string, ...string[]] | null {
  switch (process.platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler', url];
    default:
      return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ['xdg-open', url] : null;
  }
}
