import { formatGigabytes } from '#core/units.ts';
import { attachmentLimit, type NewAttachment } from '#shared/contract/chat.ts';

const imageTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);
/** One message crosses to the app in one piece, which holds about this much. */
export const mostBytes = 10_000_000;
const mostTextBytes = 2_000_000;

interface Offer {
  readonly already: readonly NewAttachment[];
  readonly seesImages: boolean;
  readonly modelName: string;
}

export interface ReadFiles {
  readonly attachments: readonly NewAttachment[];
  /** A sentence for each file that was not taken. */
  readonly problems: readonly string[];
}

/** Reads files that somebody chose, pasted or dropped. Pictures only where the model sees; everything else must be text. */
export async function readAttachments(files: readonly File[], { already, seesImages, modelName }: Offer): Promise<ReadFiles> {
  const attachments: NewAttachment[] = [];
  const problems: string[] = [];
  let bytes = already.reduce((sum, { data }) => sum + bytesOf(data), 0);
  for (const file of files) {
    const name = (file.name || 'pasted').slice(0, 255);
    const isImage = file.type.startsWith('image/');
    if (already.length + attachments.length >= attachmentLimit) {
      problems.push(`${name} was left out: a message takes at most ${attachmentLimit} files.`);
    } else if (isImage && !seesImages) {
      problems.push(`${modelName} can't see pictures, so ${name} was left out. Choose a vision model with its projector.`);
    } else if (isImage && !imageTypes.has(file.type)) {
      problems.push(`${name} was left out: pictures may be PNG, JPEG, WebP or GIF.`);
    } else if (bytes + file.size > mostBytes || (!isImage && file.size > mostTextBytes)) {
      problems.push(`${name} was left out: it is ${formatGigabytes(file.size)}, more than a message takes.`);
    } else {
      const content = new Uint8Array(await file.arrayBuffer());
      if (!isImage && !isText(content)) problems.push(`${name} was left out: it is no text. Pictures and text files can be attached.`);
      else {
        attachments.push({
          kind: isImage ? 'image' : 'text',
          name,
          mediaType: isImage ? file.type : 'text/plain',
          data: asBase64(content),
        });
        bytes += file.size;
      }
    }
  }
  return { attachments, problems };
}

/** What a file's base64 stands for, in bytes. */
export function bytesOf(base64: string): number {
  return Math.floor((base64.length * 3) / 4);
}

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
