import { Search } from 'lucide-react';
import { useRef } from 'react';
import { useShortcut } from '../../shell/useShortcut.ts';
import { changeFilters, typeSearch, useCatalog } from '../../stores/catalog.ts';
import { Chip } from '../../ui/Chip.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { ChoiceFilter } from './ChoiceFilter.tsx';
import { licenseOptions, tuneOptions, updatedOptions } from './filterOptions.ts';
import { openTarget } from './openTarget.ts';
import { readSearch } from './readSearch.ts';
import { SizeFilter } from './SizeFilter.tsx';

interface SearchBarProps {
  readonly onEnter: () => void;
  /** Something was typed: its results are wanted. */
  readonly onType: () => void;
  /** Leaves the field for the list. */
  readonly onArrowDown: () => void;
}

/** One field for words, names and links of every kind, and what the list is narrowed by. */
export function SearchBar({ onEnter, onType, onArrowDown }: SearchBarProps) {
  const text = useCatalog((state) => state.text);
  const filters = useCatalog((state) => state.filters);
  const field = useRef<HTMLInputElement>(null);
  const isPasted = useRef(false);
  useShortcut('/', () => field.current?.select());
  return (
    <div className="bar-top discover-bar">
      <TextField
        ref={field}
        label="Search Hugging Face, or paste a name or link"
        labelHidden
        type="search"
        placeholder="Search Hugging Face or paste a link"
        icon={Search}
        keys={['/']}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onPaste={() => {
          isPasted.current = true;
        }}
        onChange={(next) => {
          typeSearch(next);
          const target = isPasted.current ? readSearch(next)?.target : undefined;
          isPasted.current = false;
          if (target?.kind === 'repo') openTarget(target);
          else onType();
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') typeSearch('');
          else if (event.key === 'Enter') onEnter();
          else if (event.key === 'ArrowDown') onArrowDown();
          else return;
          event.preventDefault();
        }}
      />
      <div className="row filters" role="group" aria-label="Filters">
        <Chip pressed={filters.fits} onPressedChange={(fits) => changeFilters({ fits })}>
          Fits this machine
        </Chip>
        <Chip pressed={filters.trustedOnly} onPressedChange={(trustedOnly) => changeFilters({ trustedOnly })}>
          Trusted publishers
        </Chip>
        <SizeFilter />
        <ChoiceFilter label="Tune" options={tuneOptions} value={filters.tune} onChange={(tune) => changeFilters({ tune })} />
        <ChoiceFilter label="License" options={licenseOptions} value={filters.license} onChange={(license) => changeFilters({ license })} />
        <ChoiceFilter
          label="Updated"
          options={updatedOptions}
          value={filters.updatedWithinDays}
          onChange={(updatedWithinDays) => changeFilters({ updatedWithinDays })}
        />
      </div>
    </div>
  );
}
