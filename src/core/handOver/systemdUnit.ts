import type { HandOverDraft, HandOverFacts } from './handOverFacts.ts';
import { commonNotes, llamaServerArguments, nameAndQuant, sourceOf } from './llamaServer.ts';
import { oneLine, slugOf, unitText, unitWord } from './quoting.ts';

/**
 * A service of the user's own manager that may read and not write, but for the cache of downloads. Devices stay visible: a GPU is one.
 * Source: systemd.exec(5), Sandboxing.
 */
export function handToSystemd(facts: HandOverFacts): HandOverDraft {
  const source = sourceOf(facts);
  const name = slugOf(nameAndQuant(facts));
  const words = llamaServerArguments(facts, { source, host: '127.0.0.1' }).map((line) => line.map(unitWord).join(' '));
  const key = `~/.config/${name}.env`;
  return {
    target: 'systemd',
    title: 'systemd',
    command: [
      'mkdir -p ~/.config/systemd/user',
      `(umask 077; printf 'LLAMA_API_KEY=%s\\n' "$(openssl rand -hex 24)" > ${key})`,
      `cp ${name}.service ~/.config/systemd/user/`,
      'systemctl --user daemon-reload',
      `systemctl --user enable --now ${name}.service`,
    ].join('\n'),
    files: [{ name: `${name}.service`, text: unit({ name, title: oneLine(nameAndQuant(facts)), words }) }],
    notes: [
      `Save the file, then type the lines beside it. They make a key of its own and keep it in ${key}.`,
      'llama-server has to be found in the PATH of the user’s services. To keep it running after you log out: loginctl enable-linger.',
      'Where a system forbids unprivileged user namespaces, take out the lines from ProtectSystem to ProtectKernelTunables.',
      'Only that machine can connect. For others write --host 0.0.0.0 in the file, and keep the key.',
      ...commonNotes(facts, source),
    ],
    problem: null,
  };
}

function unit({ name, title, words }: { readonly name: string; readonly title: string; readonly words: readonly string[] }): string {
  return `[Unit]
Description=${unitText(title)} on llama-server
StartLimitIntervalSec=60
StartLimitBurst=3

[Service]
EnvironmentFile=%h/.config/${name}.env
ExecStart=${['/usr/bin/env llama-server', ...words].join(' \\\n  ')}
Restart=on-failure
RestartSec=5
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=-%h/.cache
PrivateTmp=yes
ProtectControlGroups=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=default.target
`;
}
