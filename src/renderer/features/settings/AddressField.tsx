import { type FormEvent, useEffect, useState } from 'react';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { updateSettings } from '../../stores/settings.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { type AddressKind, readAddress } from './readAddress.ts';

interface AddressFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly setting: AddressKind;
  /** As it is stored now; null = none. */
  readonly saved: string | null;
  /** The button that takes it away. Without it an address is needed. */
  readonly clearLabel?: string;
}

/** An http or https address that is stored when it makes sense; what is wrong with it stands under the field. */
export function AddressField({ label, hint, placeholder, setting, saved, clearLabel }: AddressFieldProps) {
  const [text, setText] = useState(saved ?? '');
  const [error, setError] = useState<string | null>(null);
  useEffect(() => setText(saved ?? ''), [saved]);

  const store = async (address: string | null): Promise<void> => {
    try {
      await updateSettings(setting === 'hubMirror' ? { hubMirror: address } : { proxyUrl: address, proxy: 'custom' });
      setError(null);
    } catch (thrown) {
      const problem = toRpcErrorData(thrown);
      setError(problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '' && clearLabel !== undefined) return void store(null);
    const read = readAddress(text, setting);
    if (read.ok) void store(read.address);
    else setError(read.problem);
  };

  return (
    <form onSubmit={submit} noValidate>
      <TextField
        label={label}
        hint={hint}
        error={error}
        type="url"
        inputMode="url"
        placeholder={placeholder}
        value={text}
        onChange={(next) => {
          setText(next);
          setError(null);
        }}
        maxLength={300}
        autoComplete="off"
        spellCheck={false}
        className="mono"
      />
      <div className="row mt-3">
        <Button type="submit" disabled={text.trim() === (saved ?? '')}>
          Save
        </Button>
        {clearLabel === undefined || saved === null ? null : (
          <Button
            variant="ghost"
            onClick={() => {
              setText('');
              void store(null);
            }}
          >
            {clearLabel}
          </Button>
        )}
      </div>
    </form>
  );
}
