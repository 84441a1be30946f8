/** Hands a text to the browser as a file. */
export function saveTextFile({
  fileName,
  mediaType,
  text,
}: {
  readonly fileName: string;
  readonly mediaType: string;
  /** Whole, or in parts. */
  readonly text: string | readonly string[];
}): void {
  const url = URL.createObjectURL(new Blob([text].flat(), { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
