import { createServer } from 'node:http';

/** A hub on loopback that lists as many models as wanted, each answer after a while: for looking at long lists and slow networks. */
export async function startHubOfMany(options: {
  readonly models: number;
}): Promise<{ readonly url: string; answerAfterMs: number; close(): void }> {
  const hub = { url: '', answerAfterMs: 0, close: () => {} };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub');
    const answer = (): void => {
      if (url.pathname !== '/api/models') return void response.writeHead(404).end();
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const to = Math.min(from + Number(url.searchParams.get('limit') ?? 50), options.models);
      const next = new URL(url);
      next.searchParams.set('cursor', String(to));
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(to < options.models ? { link: `<${next.href}>; rel="next"` } : {}),
      });
      response.end(JSON.stringify(Array.from({ length: to - from }, (_, index) => modelRow(from + index))));
    };
    setTimeout(answer, hub.answerAfterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The hub has no port.');
  hub.url = `http://127.0.0.1:${address.port}`;
  hub.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return hub;
}

/** Known packagers: the list asks for trusted publishers unless told otherwise. */
const publishers = ['unsloth', 'bartowski', 'mradermacher', 'ggml-org', 'lmstudio-community'];

function modelRow(index: number): Record<string, unknown> {
  const billions = [0.6, 1.7, 4, 8, 14, 32][index % 6];
  return {
    id: `${publishers[index % publishers.length]}/Model-${index}-${billions}B-Instruct-GGUF`,
    downloads: 1_000_000 - index * 7,
    likes: 5000 - (index % 4000),
    lastModified: new Date(Date.UTC(2026, 10, 1) - index * 3_600_000).toISOString(),
    createdAt: new Date(Date.UTC(2026, 9, 1) - index * 3_600_000).toISOString(),
    gated: false,
    tags: ['gguf', 'license:apache-2.0', 'text-generation'],
    pipeline_tag: 'text-generation',
    library_name: 'gguf',
  };
}
