interface ApiPath {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}
const post = (path: string): ApiPath => ({ method: 'POST', path });
const get = (path: string): ApiPath => ({ method: 'GET', path });

/** What programs may ask, by whose words they speak. */
export const apiPaths: readonly { readonly dialect: string; readonly paths: readonly ApiPath[] }[] = [
  {
    dialect: 'OpenAI',
    paths: [post('/v1/chat/completions'), post('/v1/responses'), post('/v1/completions'), post('/v1/embeddings'), get('/v1/models')],
  },
  { dialect: 'Ollama', paths: [post('/api/chat'), post('/api/generate'), post('/api/embed'), post('/api/show'), get('/api/tags')] },
  { dialect: 'Anthropic', paths: [post('/v1/messages'), post('/v1/messages/count_tokens')] },
  { dialect: 'Health', paths: [get('/health'), get('/metrics')] },
];
