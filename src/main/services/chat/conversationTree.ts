import type { Message } from '#shared/contract/chat.ts';

/** A message with its place. */
export type TreeNode = Pick<Message, 'id' | 'parentId'>;

/**
 * The messages from the first to one of them.
 * @param messages all of a conversation. @param leafId the last of the path; null, or one that is not there, = the newest
 */
export function pathTo<Node extends TreeNode>(messages: readonly Node[], leafId: string | null): Node[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: Node[] = [];
  const seen = new Set<string>();
  let at = (leafId === null ? undefined : byId.get(leafId)) ?? messages.at(-1);
  while (at !== undefined && !seen.has(at.id)) {
    seen.add(at.id);
    path.push(at);
    at = at.parentId === null ? undefined : byId.get(at.parentId);
  }
  return path.reverse();
}

/** A message with all that follows it, in the order they were written. */
export function branchFrom<Node extends TreeNode>(messages: readonly Node[], id: string): Node[] {
  const within = new Set([id]);
  // A message is written after what it follows, so one pass is enough.
  return messages.filter((message) => {
    if (message.parentId !== null && within.has(message.parentId)) within.add(message.id);
    return within.has(message.id);
  });
}

/** The newest message that follows this one, or itself. */
export function latestEnd(messages: readonly TreeNode[], id: string): string {
  return branchFrom(messages, id).at(-1)?.id ?? id;
}
