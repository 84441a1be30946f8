import type { ChatCall } from '#shared/contract/chat.ts';

const names: Readonly<Record<string, string>> = { calculator: 'Calculator', execute_python: 'Python', http_get: 'Fetch' };

/** What a tool is called on screen; one that this app does not know by its own name. */
export function toolName(name: string): string {
  return names[name] ?? name;
}

/** What would happen, for the question whether it may. */
export function consentWords({ name }: Pick<ChatCall, 'name'>): { readonly title: string; readonly note: string } {
  if (name === 'execute_python') {
    return { title: 'The model wants to run this Python program', note: 'It runs in a sandbox: no files, no network, ten seconds.' };
  }
  if (name === 'http_get') {
    return {
      title: 'The model wants to fetch this address',
      note: 'The address leaves this machine. What it answers is read by the model.',
    };
  }
  return { title: `The model wants to call ${toolName(name)}`, note: 'What it is told goes into the answer.' };
}

/** One line of what it was called with, for the fold. */
export function callSummary(call: Pick<ChatCall, 'name' | 'arguments'>): string {
  const { name, arguments: given } = call;
  if (name === 'calculator')
    return [given['a'], given['operation'], given['b']]
      .filter((part) => part !== undefined)
      .map(String)
      .join(' ');
  if (name === 'http_get' && typeof given['url'] === 'string') return given['url'];
  if (name === 'execute_python' && typeof given['code'] === 'string') return given['code'].trim().split('\n')[0] ?? '';
  const text = JSON.stringify(given);
  return text === '{}' ? '' : text;
}

/** The arguments in full: a program as a program, everything else as JSON. */
export function callBody(call: Pick<ChatCall, 'name' | 'arguments'>): { readonly language: string; readonly text: string } {
  const code = call.arguments['code'];
  if (call.name === 'execute_python' && typeof code === 'string') return { language: 'python', text: code };
  return { language: 'json', text: JSON.stringify(call.arguments, null, 2) };
}

export const callStates: Readonly<Record<ChatCall['state'], string>> = {
  asking: 'Waits for you',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  refused: 'Refused by you',
};
