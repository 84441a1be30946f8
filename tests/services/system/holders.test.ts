import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { familyOf, groupHolders } from '#main/services/system/holders/groupHolders.ts';
import { parseStatus, readLinuxProcesses } from '#main/services/system/holders/linuxProcesses.ts';
import type { MemoryProcess } from '#main/services/system/holders/memoryProcess.ts';
import { parsePs } from '#main/services/system/holders/otherProcesses.ts';
import { programName } from '#main/services/system/holders/programName.ts';
import { readHolders } from '#main/services/system/holders/readHolders.ts';

const held = (program: string, bytes: number, given: Partial<MemoryProcess> = {}): MemoryProcess => ({
  pid: 1000,
  parentPid: 1,
  program,
  isPath: program.startsWith('/'),
  privateBytes: bytes,
  sharedBytes: 0,
  ...given,
});
const nobody = { own: new Set<number>(), platform: 'linux' } as const;

describe('who holds memory', () => {
  test('is a program with all its processes, largest first, shared memory counted once', () => {
    const processes = [
      held('/usr/bin/python3.11', 700e6),
      held('/opt/google/chrome/chrome', 400e6, { sharedBytes: 100e6 }),
      held('/opt/google/chrome/chrome', 300e6, { sharedBytes: 150e6 }),
      held('/usr/bin/small', 10e6),
    ];
    expect(groupHolders(processes, nobody)).toEqual([
      { name: 'Google Chrome', bytes: 850e6, processes: 2 },
      { name: 'Python', bytes: 700e6, processes: 1 },
    ]);
  });

  test('is neither the system nor Rightsize with all that it started', () => {
    const processes = [
      held('/usr/bin/gnome-shell', 900e6),
      held('/usr/lib/systemd/systemd-journald', 900e6),
      held('/opt/rightsize/rightsize', 900e6, { pid: 10 }),
      held('/opt/rightsize/rightsize', 900e6, { pid: 11, parentPid: 10 }),
      held('/usr/bin/node', 900e6, { pid: 12, parentPid: 11 }),
      held('/usr/bin/node', 800e6, { pid: 13, parentPid: 1 }),
    ];
    expect(groupHolders(processes, { ...nobody, own: familyOf(10, processes) })).toEqual([{ name: 'Node.js', bytes: 800e6, processes: 1 }]);
  });

  test('ends with eight, and with processes that are their own parents', () => {
    const processes = Array.from({ length: 20 }, (_, index) => held(`/opt/app${index}`, 1e9 - index, { pid: index, parentPid: index }));
    expect(groupHolders(processes, nobody)).toHaveLength(8);
    expect([...familyOf(3, processes)]).toEqual([3]);
  });
});

const programs: readonly (readonly [string, NodeJS.Platform, string | null])[] = [
  ['/usr/lib/firefox/firefox', 'linux', 'Firefox'],
  ['/opt/a b/My App', 'linux', 'My App'],
  ['/usr/bin/Xorg', 'linux', null],
  [
    '/Applications/Google Chrome.app/Contents/Frameworks/F.framework/Helpers/Google Chrome Helper (Renderer).app/Contents/MacOS/Google Chrome Helper (Renderer)',
    'darwin',
    'Google Chrome',
  ],
  ['/System/Volumes/Preboot/Cryptexes/App/System/Applications/Safari.app/Contents/MacOS/Safari', 'darwin', 'Safari'],
  [
    '/System/Library/Frameworks/WebKit.framework/Versions/A/XPCServices/com.apple.WebKit.WebContent.xpc/Contents/MacOS/com.apple.WebKit.WebContent',
    'darwin',
    'Safari',
  ],
  ['/System/Library/PrivateFrameworks/SkyLight.framework/Resources/WindowServer', 'darwin', null],
  ['/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder', 'darwin', null],
  ['/usr/libexec/logd', 'darwin', null],
  ['/opt/homebrew/bin/ollama', 'darwin', 'Ollama'],
  ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'win32', 'Google Chrome'],
  ['C:\\Users\\ada\\AppData\\Local\\Some App\\Some App.EXE', 'win32', 'Some App'],
  ['C:\\Windows\\System32\\svchost.exe', 'win32', null],
  ['vmmemWSL', 'win32', 'WSL'],
  ['MsMpEng.exe', 'win32', null],
  ['/tmp/evil\n\u001b[31m\u202ename', 'linux', 'evil [31m name'],
  [`/tmp/${'x'.repeat(5000)}`, 'linux', `${'x'.repeat(59)}…`],
  ['/tmp/\u0007\u200b', 'linux', null],
  ['', 'linux', null],
  ['__proto__', 'linux', '__proto__'],
];

test('a program is shown by the name that people know, in one short line, and the system’s own not at all', () => {
  const shown = programs.map(([program, platform]) => [
    program,
    platform,
    programName(program, { isPath: /[/\\]/.test(program), platform }),
  ]);
  expect(shown).toEqual(programs);
});

describe('processes of Linux', () => {
  const status = (name: string, memory: string): string =>
    `Name:\t${name}\nUmask:\t0022\nState:\tS (sleeping)\nPid:\t77\nPPid:\t3\n${memory}Threads:\t1\n`;

  test('hold what is anonymous and what is shared, not pages of files', () => {
    const text = status('Web Content', 'VmRSS:\t  500000 kB\nRssAnon:\t  300000 kB\nRssFile:\t  150000 kB\nRssShmem:\t   50000 kB\n');
    expect(parseStatus(text)).toEqual({ name: 'Web Content', parentPid: 3, privateBytes: 307_200_000, sharedBytes: 51_200_000 });
  });

  test('are not taken in by a name that looks like a line of the file', () => {
    const text = status('x\\nRssAnon:\t999999999 kB', 'RssAnon:\t1000 kB\n');
    expect(parseStatus(text)).toMatchObject({ name: 'x\\nRssAnon:\t999999999 kB', privateBytes: 1_024_000 });
  });

  test.each([
    ['a kernel thread', status('kworker/0:1', '')],
    ['nothing', ''],
    ['rubbish', 'RssAnon:\tlots kB\nPPid:\t1\n'],
  ])('%s holds nothing', (_what, text) => {
    expect(parseStatus(text)).toBeUndefined();
  });
});

test('processes of macOS are read from lines of ps, whatever their names', () => {
  const text =
    '    1     0  12345 /sbin/launchd\n  501     1 2048000 /Applications/Some App.app/Contents/MacOS/Some App\nnoise\n  77 1 x y\n';
  expect(parsePs(text)).toEqual([
    held('/sbin/launchd', 12345 * 1024, { pid: 1, parentPid: 0 }),
    held('/Applications/Some App.app/Contents/MacOS/Some App', 2048000 * 1024, { pid: 501 }),
  ]);
});

describe.skipIf(process.platform !== 'linux')('a process of this machine that holds 200 MB', () => {
  test('is seen, by its program, and is Rightsize’s own where Rightsize started it', async () => {
    const script = 'const held = Buffer.alloc(200e6, 1); console.log("ready"); setInterval(() => held.length, 1e6)';
    const child = spawn(process.execPath, ['-e', script, '--', 'a secret'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const seen = (await readLinuxProcesses()).filter((one) => one.pid === child.pid);
    expect(seen).toMatchObject([{ parentPid: process.pid, isPath: true }]);
    expect(seen[0]?.privateBytes).toBeGreaterThan(200e6);
    expect(seen[0]?.privateBytes).toBeLessThan(400e6);
    expect(groupHolders(seen, nobody)).toMatchObject([{ processes: 1 }]);

    const gpuProcesses = async () => [
      { pid: child.pid ?? 0, path: null, bytes: 300e6 },
      { pid: child.pid ?? 0, path: null, bytes: 100e6 },
      { pid: 4_000_000_000, path: '/home/ada/bin/train\nhard', bytes: 60e6 },
    ];
    const foreign = await readHolders({ platform: 'linux', ownPid: -1, gpuProcesses });
    expect(foreign.ram.find(({ name }) => name === 'Node.js')?.bytes).toBeGreaterThan(200e6);
    expect(foreign.gpu).toEqual([
      { name: 'Node.js', bytes: 400e6, processes: 1 },
      { name: 'train hard', bytes: 60e6, processes: 1 },
    ]);
    expect(JSON.stringify(foreign)).not.toContain('secret');
    const own = await readHolders({ platform: 'linux', ownPid: process.pid, gpuProcesses });
    expect(own.gpu).toEqual([{ name: 'train hard', bytes: 60e6, processes: 1 }]);
    const bytesOf = (holders: typeof own) => holders.ram.find(({ name }) => name === 'Node.js')?.bytes ?? 0;
    expect(bytesOf(own)).toBeLessThan(bytesOf(foreign));
  });
});
