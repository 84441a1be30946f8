import { chatErrors } from '#shared/contract/chat.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { mediaMark } from './nativeVision.ts';

/** A conversation whose pictures have become marks in its words. */
export interface MarkedTurns {
  readonly turns: readonly ChatTurn[];
  /** Data URLs, in the order of their marks. */
  readonly media: readonly string[];
}

/** Looks like the mark and is none: words of people must not be taken for a picture. */
const harmlessMark = '<_media_>';
const mostImages = 32;

/**
 * Puts a mark for each picture before the words of its turn.
 * @throws {RpcError} images-unsupported for more pictures than a conversation may have
 */
export function markImages(turns: readonly ChatTurn[]): MarkedTurns {
  const media: string[] = [];
  const marked = turns.map(({ images = [], ...turn }): ChatTurn => {
    media.push(...images.map(({ mediaType, data }) => `data:${mediaType};base64,${data}`));
    const words = turn.content.replaceAll(mediaMark, harmlessMark);
    return { ...turn, content: images.length === 0 ? words : `${`${mediaMark}\n`.repeat(images.length)}${words}` };
  });
  if (media.length <= mostImages) return { turns: marked, media };
  throw new RpcError(chatErrors.noVision, `The conversation has ${media.length} pictures, and ${mostImages} may be asked about at once.`, {
    hint: 'Begin a new chat with those that matter.',
  });
}
