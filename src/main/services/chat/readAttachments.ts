import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { AttachedBytes } from '#main/storage/attachmentTable.ts';
import { attachmentBytes, attachmentLimit, type NewAttachment } from '#shared/contract/chat.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { readImageFacts } from './imageFacts.ts';

/** More than any camera of a phone writes; a small file can claim billions and take all memory once it is shown. */
const mostPixels = 64_000_000;
const mostTextBytes = 2_000_000;

/**
 * Checks what is attached to a message by its bytes, whatever its name says.
 * @returns what is stored; an image's media type is the one its bytes have
 * @throws {RpcError} bad-input
 */
export function readAttachments(attachments: readonly NewAttachment[]): AttachedBytes[] {
  if (attachments.length > attachmentLimit)
    throw refused(`A message takes ${attachmentLimit} files at most.`, 'Send the others with the next one.');
  const read = attachments.map(readOne);
  if (read.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > attachmentBytes) {
    throw refused('The files of this message are larger than 20 MB together.', 'Attach fewer of them, or smaller ones.');
  }
  return read;
}

function readOne(attachment: NewAttachment): AttachedBytes {
  const { kind, name } = attachment;
  const bytes = Buffer.from(attachment.data, 'base64');
  const shared = { id: randomUUID(), kind, name, sizeBytes: bytes.byteLength, bytes };
  return { ...shared, mediaType: kind === 'image' ? imageType(bytes, name) : textType(bytes, attachment) };
}

function imageType(bytes: Buffer, name: string): string {
  const facts = readImageFacts(bytes);
  if (facts === null) throw refused(`${name} is no image that can be read.`, 'Attach a PNG, JPEG, WebP or GIF file.');
  if (facts.width * facts.height > mostPixels) {
    throw refused(
      `${name} has ${facts.width} × ${facts.height} pixels, which is more than 64 million.`,
      'Make it smaller, then attach it.',
    );
  }
  return facts.mediaType;
}

function textType(bytes: Buffer, { name, mediaType }: NewAttachment): string {
  if (bytes.byteLength > mostTextBytes) throw refused(`${name} is larger than 2 MB.`, 'Attach the part of it that matters.');
  if (!isUtf8(bytes) || bytes.includes(0)) throw refused(`${name} is not a text file.`, 'Attach a text file in UTF-8, or an image.');
  return /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(mediaType) ? mediaType.toLowerCase() : 'text/plain';
}

function refused(message: string, hint: string): RpcError {
  return new RpcError(pipeErrors.badInput, message, { hint });
}
