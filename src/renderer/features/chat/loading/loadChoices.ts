import { type KvType, kvTypes } from '#core/fit/fitTypes.ts';

interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly detail?: string;
  readonly disabled?: boolean;
}

const sizes: Partial<Record<KvType, string>> = { f16: 'usual', q8_0: 'about half', q4_0: 'about a quarter' };

/**
 * The types that a cache may have.
 * @param of.auto what Rightsize would take; null while that is not known
 * @param of.isPlainOnly without flash attention: a cache of blocks is not possible then
 */
export function cacheOptions(of: { readonly auto: KvType | null; readonly isPlainOnly: boolean }): readonly Choice<KvType | 'auto'>[] {
  const automatic: Choice<'auto'> = { value: 'auto', label: of.auto === null ? 'auto' : `auto: ${of.auto}` };
  return [
    automatic,
    ...kvTypes.map((value) => {
      const detail = sizes[value];
      const isPlain = value === 'f32' || value === 'f16' || value === 'bf16';
      return { value, label: value, ...(detail === undefined ? {} : { detail }), disabled: of.isPlainOnly && !isPlain };
    }),
  ];
}

export function attentionOptions(auto: boolean | null): readonly Choice<'auto' | 'on' | 'off'>[] {
  return [
    { value: 'auto', label: auto === null ? 'auto' : `auto: ${auto ? 'on' : 'off'}` },
    { value: 'on', label: 'on' },
    { value: 'off', label: 'off' },
  ];
}

/** What an empty field of the keep-alive means. */
export function keepAliveWord(minutes: number | null): string {
  if (minutes === null) return 'auto';
  return minutes === 0 ? 'auto: never' : `auto: ${minutes} min`;
}
