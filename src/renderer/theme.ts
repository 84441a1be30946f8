import type { Settings } from '#shared/contract/settings.ts';

type Theme = Settings['theme'];

const storageKey = 'rightsize.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
let chosen: Theme = remembered();

// On import, so that it happens before any other module of the page draws.
dark.addEventListener('change', show);
show();

/** Shows a theme and remembers it for the next start, when the settings have not arrived yet. */
export function chooseTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // Storage can be switched off in a browser: then the next start follows the system first.
  }
  show();
}

function show(): void {
  const theme = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset.theme = theme;
}

function remembered(): Theme {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
