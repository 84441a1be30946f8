import { formatGigabytes } from '#core/units.ts';
import { attachmentBytes, attachmentLimit, type NewAttachment } from '#shared/contract/chat.ts';

const mostTextBytes = 2_000_000;
/** A picture that is drawn anew may become smaller. */
const mostDrawnBytes = 50_000_000;

interface Offer {
  readonly already: readonly NewAttachment[];
  readonly seesImages: boolean;
  readonly modelName: string;
  /** A picture of any format as PNG. Rejects what it cannot draw. */
  readonly draw: (picture: Blob) => Promise<Uint8Array>;
}

export interface ReadFiles {
  readonly attachments: readonly NewAttachment[];
  /** A sentence for each file that was not taken. */
  readonly problems: readonly string[];
}

/** Reads files that somebody chose, pasted or dropped. Pictures only where the model sees; everything else must be text. */
export async function readAttachments(files: readonly File[], { already, seesImages, modelName, draw }: Offer): Promise<ReadFiles> {
  const attachments: NewAttachment[] = [];
  const problems: string[] = [];
  let bytes = already.reduce((sum, { data }) => sum + bytesOf(data), 0);
  for (const file of files) {
    const name = (file.name || 'pasted').slice(0, 255);
    const isImage = file.type.startsWith('image/');
    if (already.length + attachments.length >= attachmentLimit) {
      problems.push(`${name} was left out: a message takes at most ${attachmentLimit} files.`);
      continue;
    }
    if (isImage && !seesImages) {
      problems.push(`${modelName} can't see pictures, so ${name} was left out. Choose a vision model with its projector.`);
      continue;
    }
    if (file.size > (isImage ? mostDrawnBytes : mostTextBytes)) {
      problems.push(tooLarge(name, file.size));
      continue;
    }
    const content = new Uint8Array(await file.arrayBuffer());
    const read = isImage ? await readPicture(file, { content, name, draw }) : readText(content, name);
    if (typeof read === 'string') problems.push(read);
    else if (bytes + read.content.length > attachmentBytes) problems.push(tooLarge(name, read.content.length));
    else {
      attachments.push({ kind: isImage ? 'image' : 'text', name: read.name, mediaType: read.mediaType, data: asBase64(read.content) });
      bytes += read.content.length;
    }
  }
  return { attachments, problems };
}

/** What a file's base64 stands for, in bytes. */
export function bytesOf(base64: string): number {
  return Math.floor((base64.length * 3) / 4);
}

interface ReadFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** PNG and JPEG as they are, whatever they are called: every engine reads those. Anything else that the page can draw becomes PNG. */
async function readPicture(
  file: File,
  { content, name, draw }: { readonly content: Uint8Array; readonly name: string; readonly draw: Offer['draw'] },
): Promise<ReadFile | string> {
  if (beginsWith(content, [0x89, 0x50, 0x4e, 0x47])) return { name, mediaType: 'image/png', content };
  if (beginsWith(content, [0xff, 0xd8, 0xff])) return { name, mediaType: 'image/jpeg', content };
  try {
    return { name: `${name.replace(/\.[^.]*$/, '').slice(0, 251)}.png`, mediaType: 'image/png', content: await draw(file) };
  } catch {
    return `${name} was left out: it cannot be read as a picture. PNG, JPEG, WebP and GIF can.`;
  }
}

function readText(content: Uint8Array, name: string): ReadFile | string {
  if (!isText(content)) return `${name} was left out: it is no text. Pictures and text files can be attached.`;
  return { name, mediaType: 'text/plain', content };
}

function tooLarge(name: string, sizeBytes: number): string {
  return `${name} was left out: it is ${formatGigabytes(sizeBytes)}, more than a message takes.`;
}

const beginsWith = (content: Uint8Array, bytes: readonly number[]): boolean => bytes.every((byte, at) => content[at] === byte);

function isText(content: Uint8Array): boolean {
  if (content.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}

function asBase64(content: Uint8Array): string {
  let text = '';
  for (let at = 0; at < content.length; at += 32_768) text += String.fromCharCode(...content.subarray(at, at + 32_768));
  return btoa(text);
}
