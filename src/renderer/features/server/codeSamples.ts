/** In which words the local API is asked. */
export const sampleKinds = ['curl', 'Python', 'JavaScript', 'Ollama', 'Anthropic'] as const;
export type SampleKind = (typeof sampleKinds)[number];

interface SampleFacts {
  /** `http://127.0.0.1:11435` */
  readonly url: string;
  readonly model: string;
  /** Null where none is asked for. */
  readonly key: string | null;
}

/** @returns a program that asks the local API one thing and prints the answer, ready to be run. */
export function codeSample(kind: SampleKind, { url, model, key }: SampleFacts): string {
  const secret = JSON.stringify(key ?? 'none');
  const named = JSON.stringify(model);
  switch (kind) {
    case 'curl':
      return [
        `curl ${url}/v1/chat/completions \\`,
        ...(key === null ? [] : [`  -H "Authorization: Bearer ${key}" \\`]),
        '  -H "Content-Type: application/json" \\',
        `  -d '${JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }).replaceAll("'", "'\\''")}'`,
      ].join('\n');
    case 'Python':
      return `from openai import OpenAI

client = OpenAI(
    base_url="${url}/v1",
    api_key=${secret},
)
r = client.chat.completions.create(
    model=${named},
    messages=[{"role": "user", "content": "Hello"}],
)
print(r.choices[0].message.content)`;
    case 'JavaScript':
      return `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${url}/v1",
  apiKey: ${secret},
});
const r = await client.chat.completions.create({
  model: ${named},
  messages: [{ role: "user", content: "Hello" }],
});
console.log(r.choices[0].message.content);`;
    case 'Ollama':
      return `import { Ollama } from "ollama";

const ollama = new Ollama({
  host: "${url}",${key === null ? '' : `\n  headers: { Authorization: "Bearer ${key}" },`}
});
const r = await ollama.chat({
  model: ${named},
  messages: [{ role: "user", content: "Hello" }],
});
console.log(r.message.content);`;
    case 'Anthropic':
      return `from anthropic import Anthropic

client = Anthropic(
    base_url="${url}",
    api_key=${secret},
)
r = client.messages.create(
    model=${named},
    max_tokens=512,
    messages=[{"role": "user", "content": "Hello"}],
)
print(r.content[0].text)`;
  }
}

export interface CodePiece {
  readonly kind: 'k' | 's' | 'n' | 'f' | null;
  readonly text: string;
}

const pattern =
  /(?<s>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<k>\b(?:from|import|const|new|await|curl)\b)|(?<f>\b[A-Za-z_]+(?=\())|(?<n>\b\d+\b)/g;

/** Cuts a sample into pieces of one colour each. */
export function colourCode(code: string): readonly CodePiece[] {
  const pieces: CodePiece[] = [];
  let at = 0;
  for (const match of code.matchAll(pattern)) {
    if (match.index > at) pieces.push({ kind: null, text: code.slice(at, match.index) });
    const kind = (['k', 's', 'n', 'f'] as const).find((name) => match.groups?.[name] !== undefined) ?? null;
    pieces.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < code.length) pieces.push({ kind: null, text: code.slice(at) });
  return pieces;
}
