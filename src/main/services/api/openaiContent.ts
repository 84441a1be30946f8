import * as z from 'zod';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { ApiError } from './apiErrors.ts';

/** What a turn says and shows, whatever its dialect calls the parts. */
export interface OpenaiPart {
  readonly type: string;
  readonly text?: string | undefined;
  readonly refusal?: string | undefined;
  readonly image_url?: unknown;
}
/** A part as either dialect has it: what is in it is looked at by its type. */
export const OpenaiPart = z.looseObject({
  type: z.string().min(1).max(100),
  text: z.string().optional(),
  refusal: z.string().optional(),
});
export const OpenaiContent = z.union([z.string(), z.array(OpenaiPart).max(10_000)], { error: 'It is neither a text nor a list of parts.' });

type Image = NonNullable<ChatTurn['images']>[number];
const imageLimit = 16;
const base64 = z.base64();

/**
 * Words and images of a turn. Several texts are put on lines of their own.
 * @param field where it stands in the request, `messages.0.content`
 * @throws {ApiError} 400 for parts that cannot be read, and for images behind an address: nothing is fetched
 */
export function readContent(content: string | readonly OpenaiPart[], field: string): { readonly text: string; readonly images: Image[] } {
  if (typeof content === 'string') return { text: content, images: [] };
  const texts: string[] = [];
  const images: Image[] = [];
  for (const [at, part] of content.entries()) {
    const where = `${field}.${at}`;
    switch (part.type) {
      case 'text':
      case 'input_text':
      case 'output_text':
        texts.push(part.text ?? missing(`${where}.text`));
        break;
      case 'refusal':
        texts.push(part.refusal ?? missing(`${where}.refusal`));
        break;
      case 'image_url':
      case 'input_image':
        images.push(readImage(part, where));
        break;
      default:
        throw unreadable(`Parts of the type '${part.type}' cannot be read: send text or images.`, where);
    }
  }
  if (images.length > imageLimit) throw unreadable(`A message may show ${imageLimit} images.`, field);
  return { text: texts.join('\n'), images };
}

/** Only the words of a turn that can show nothing. @throws {ApiError} 400 */
export function readText(content: string | readonly OpenaiPart[], field: string): string {
  const { text, images } = readContent(content, field);
  if (images.length > 0) throw unreadable('Only what a user says can show images.', field);
  return text;
}

/** `data:image/png;base64,…`, whole or as `{ url }`. */
function readImage(part: OpenaiPart, field: string): Image {
  const given = part.image_url;
  const url = typeof given === 'object' && given !== null && 'url' in given ? given.url : given;
  if (typeof url !== 'string') throw unreadable('An image needs its address in image_url.', field);
  const match = /^data:(image\/[a-z0-9.+-]{1,60});base64,/i.exec(url);
  const mediaType = match?.[1];
  if (match === null || mediaType === undefined) {
    throw unreadable('Images are read out of the request alone, as data:image/png;base64,…: nothing is fetched.', field);
  }
  const data = url.slice(match[0].length);
  if (data === '' || !base64.safeParse(data).success) throw unreadable('The image is no base64.', field);
  return { mediaType: mediaType.toLowerCase(), data };
}

function missing(field: string): never {
  throw new ApiError({ status: 422, code: 'invalid_value', message: `${field}: It is missing.`, field });
}

const unreadable = (message: string, field: string): ApiError => new ApiError({ status: 400, code: 'unsupported_content', message, field });
