import { useState } from 'react';
import { type LibraryColumn, libraryColumns } from './columns.ts';

const key = 'rightsize.library.hidden-columns';

/** Columns that were switched off, as they were left the last time. */
export function useHiddenColumns(): readonly [hidden: ReadonlySet<LibraryColumn>, toggle: (column: LibraryColumn) => void] {
  const [hidden, setHidden] = useState(remembered);
  const toggle = (column: LibraryColumn): void => {
    const next = new Set(hidden);
    if (!next.delete(column)) next.add(column);
    setHidden(next);
    remember(next);
  };
  return [hidden, toggle];
}

function remembered(): ReadonlySet<LibraryColumn> {
  try {
    const names = (localStorage.getItem(key) ?? '').split(' ');
    return new Set(libraryColumns.flatMap(({ id }) => (id !== 'name' && names.includes(id) ? [id] : [])));
  } catch {
    return new Set();
  }
}

function remember(hidden: ReadonlySet<LibraryColumn>): void {
  try {
    localStorage.setItem(key, [...hidden].join(' '));
  } catch {
    // Storage can be switched off in a browser: then the choice lasts as long as the page.
  }
}
