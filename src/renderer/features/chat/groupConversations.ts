import type { Conversation } from '#shared/contract/chat.ts';

export interface ConversationGroup {
  readonly heading: string;
  readonly conversations: readonly Conversation[];
}

/**
 * Groups conversations under the days people remember, newest first.
 * @param options.now milliseconds since 1970, local days count.
 */
export function groupConversations(
  conversations: readonly Conversation[],
  options: { readonly now: number },
): readonly ConversationGroup[] {
  const groups = new Map<string, Conversation[]>();
  for (const conversation of conversations) {
    const heading = headingOf(conversation.updatedAt, options.now);
    const group = groups.get(heading);
    if (group === undefined) groups.set(heading, [conversation]);
    else group.push(conversation);
  }
  return [...groups].map(([heading, list]) => ({ heading, conversations: list }));
}

function headingOf(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 8) return 'Last week';
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString('en', sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' });
}

/** Calendar days, so that 23:59 and 00:01 are a day apart; rounding absorbs clock changes. */
function daysBetween(from: number, to: number): number {
  return Math.round((new Date(to).setHours(0, 0, 0, 0) - new Date(from).setHours(0, 0, 0, 0)) / 86_400_000);
}
