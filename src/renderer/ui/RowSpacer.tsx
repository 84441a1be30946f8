/** Stands for the rows of a long table that are out of view. */
export function RowSpacer({ height }: { readonly height: number }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row cannot be focused
  return height > 0 ? <tr aria-hidden="true" className="spacer" style={{ height }} /> : null;
}
