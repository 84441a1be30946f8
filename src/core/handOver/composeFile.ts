import type { HandOverDraft, HandOverFacts } from './handOverFacts.ts';
import { commonNotes, llamaServerArguments, llamaServerPort, nameAndQuant, sourceOf } from './llamaServer.ts';
import { composeText, oneLine, shellWord, slugOf } from './quoting.ts';

const image = 'ghcr.io/ggml-org/llama.cpp';

/**
 * Compose files of llama.cpp's own server images, one for processors and one for NVIDIA GPUs. Each stands alone.
 * Source: llama.cpp, docs/docker.md; Compose specification, services.
 */
export function handToCompose(facts: HandOverFacts): HandOverDraft {
  const usesGpu = facts.settings.gpuLayers !== null && facts.settings.gpuLayers !== 0;
  const files = [
    { name: 'compose.yaml', text: composeFile(facts, { cuda: false }) },
    { name: 'compose.cuda.yaml', text: composeFile(facts, { cuda: true }) },
  ];
  return {
    target: 'compose',
    title: 'Docker Compose',
    command: [
      `(umask 077; printf 'LLAMA_API_KEY=%s\\n' "$(openssl rand -hex 24)" > .env)`,
      `docker compose -f ${shellWord(usesGpu ? 'compose.cuda.yaml' : 'compose.yaml')} up -d`,
    ].join('\n'),
    files: usesGpu ? files.toReversed() : files,
    notes: [
      'Save one of the files in an empty folder and type the lines there. They make a key of its own and keep it in .env; without it nothing starts.',
      'compose.cuda.yaml needs an NVIDIA GPU and the NVIDIA Container Toolkit; compose.yaml runs on the processor.',
      `Only that machine can connect. For others take 127.0.0.1: away from the port, and keep the key.`,
      ...commonNotes(facts, sourceOf(facts)),
    ],
    problem: null,
  };
}

function composeFile(facts: HandOverFacts, { cuda }: { readonly cuda: boolean }): string {
  const mounts = facts.hub === null ? [...facts.files, ...(facts.projector === null ? [] : [facts.projector])] : [];
  const inside = (path: string): string => `/models/${fileName(path)}`;
  const source =
    facts.hub === null
      ? { model: inside(facts.files[0] ?? ''), projector: facts.projector === null ? null : inside(facts.projector) }
      : 'hub';
  // A GPU box takes every layer where nothing was said; a processor has none to take.
  const { settings } = facts;
  const gpuLayers = cuda ? settings.gpuLayers : null;
  const words = llamaServerArguments({ ...facts, settings: { ...settings, gpuLayers } }, { source, host: '0.0.0.0' }).flat();
  return [
    `# ${oneLine(nameAndQuant(facts))} on llama-server`,
    'services:',
    `  ${slugOf(nameAndQuant(facts))}:`,
    `    image: ${image}:${cuda ? 'server-cuda' : 'server'}`,
    '    restart: unless-stopped',
    '    command:',
    ...words.map((word) => `      - ${composeText(word)}`),
    '    environment:',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose fills it in.
    "      LLAMA_API_KEY: '${LLAMA_API_KEY:?Put a key of your own into .env}'",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose fills it in.
    ...(facts.hub === null ? [] : ["      HF_TOKEN: '${HF_TOKEN:-}'"]),
    '    ports:',
    `      - "127.0.0.1:${llamaServerPort}:${llamaServerPort}"`,
    '    security_opt:',
    '      - no-new-privileges:true',
    '    volumes:',
    ...(mounts.length === 0 ? ['      - downloads:/root/.cache'] : mounts.flatMap((path) => mountOf(path, inside(path)))),
    ...(cuda ? gpu : []),
    ...(mounts.length === 0 ? ['volumes:', '  downloads:'] : []),
    '',
  ].join('\n');
}

/** Files and not their folder: a cache keeps links in it whose ends lie elsewhere. */
function mountOf(source: string, target: string): string[] {
  return [
    '      - type: bind',
    `        source: ${composeText(source)}`,
    `        target: ${composeText(target)}`,
    '        read_only: true',
    '        bind:',
    '          create_host_path: false',
  ];
}

const gpu = [
  '    deploy:',
  '      resources:',
  '        reservations:',
  '          devices:',
  '            - driver: nvidia',
  '              count: all',
  '              capabilities: [gpu]',
];

const fileName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
