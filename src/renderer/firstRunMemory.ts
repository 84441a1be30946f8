const storageKey = 'rightsize.firstRunDone';

/** Whether the first run was done when this page was last open; false where that is not known. */
export function remembersFirstRun(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'yes';
  } catch {
    return false;
  }
}

/** For the next start, when the settings have not arrived yet. */
export function rememberFirstRun(isDone: boolean): void {
  try {
    if (isDone) localStorage.setItem(storageKey, 'yes');
    else localStorage.removeItem(storageKey);
  } catch {
    // Storage can be switched off in a browser: then each start waits for the settings.
  }
}
