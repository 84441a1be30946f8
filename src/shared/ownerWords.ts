import type { Artifact, Owner } from './contract/models.ts';

const labels: Readonly<Record<Owner, string>> = {
  bundled: 'Built in',
  imported: 'Imported',
  folder: 'Your folder',
  downloaded: 'Downloaded',
  ollama: 'Ollama',
  'lm-studio': 'LM Studio',
  'hub-cache': 'Hugging Face cache',
  'llama-cpp': 'llama.cpp',
  jan: 'Jan',
  gpt4all: 'GPT4All',
  docker: 'Docker Model Runner',
};

/** Whose file it is, for people. */
export function ownerLabel(owner: Owner): string {
  return labels[owner];
}

/** Whether another app made the file and manages it: Rightsize never deletes it. The hub's shared cache is nobody's in particular. */
export function isOtherApps(owner: Owner): boolean {
  switch (owner) {
    case 'ollama':
    case 'lm-studio':
    case 'llama-cpp':
    case 'jan':
    case 'gpt4all':
    case 'docker':
      return true;
    case 'bundled':
    case 'imported':
    case 'folder':
    case 'downloaded':
    case 'hub-cache':
      return false;
  }
}

/** How the owning app removes a model that Rightsize may not delete. Null where Rightsize may. */
export function howItsAppRemoves(artifact: Pick<Artifact, 'owner' | 'nameInApp'>): string | null {
  const { owner, nameInApp } = artifact;
  // People paste these lines: a name that a shell would read as more than a name is not put in.
  const name = nameInApp !== null && /^[\w.:@/][\w.:@/-]*$/.test(nameInApp) ? nameInApp : 'NAME';
  switch (owner) {
    case 'ollama':
      return `Ollama removes it with: ollama rm ${name}`;
    case 'docker':
      return `Docker removes it with: docker model rm ${name}`;
    case 'lm-studio':
      return 'LM Studio removes it under My Models.';
    case 'jan':
      return 'Jan removes it under Settings, Model Providers, Llama.cpp.';
    case 'gpt4all':
      return 'GPT4All removes it under Models.';
    case 'llama-cpp':
      return 'llama.cpp has no command for it: delete the file in its cache folder.';
    case 'bundled':
    case 'imported':
    case 'folder':
    case 'downloaded':
    case 'hub-cache':
      return null;
  }
}
