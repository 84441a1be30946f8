import { useMemo } from 'react';
import { navigate } from '../../router.ts';
import { editMessage } from '../../stores/chat.ts';
import { askInOtherWords, continueAnswer, decideCall, regenerate } from '../../stores/chatAnswers.ts';
import { branchChat, choosePath, saveAnswer } from '../../stores/chatPaths.ts';
import type { MessageActs } from './messageActs.ts';

interface Asked {
  /** Removing asks first. */
  readonly onRemove: (messageId: string) => void;
  readonly onSaveItem: (messageId: string) => void;
}

/** What the messages of a conversation can do. @param asked setters of state, the same at every render */
export function useMessageActs(conversationId: string, { onRemove, onSaveItem }: Asked): MessageActs {
  return useMemo(
    () => ({
      regenerate: (messageId) => void regenerate(conversationId, messageId),
      goOn: (messageId) => void continueAnswer(conversationId, messageId),
      choose: (messageId) => void choosePath(conversationId, messageId),
      edit: (messageId, text) => editMessage(conversationId, { messageId, text }),
      saveEdit: (messageId, role, text) =>
        void (role === 'user' ? askInOtherWords(conversationId, messageId, text) : saveAnswer(conversationId, messageId, text)),
      cancelEdit: () => editMessage(conversationId, null),
      branch: (messageId) =>
        void branchChat(conversationId, messageId).then((made) =>
          made === null ? undefined : navigate({ screen: 'chat', conversationId: made.id }),
        ),
      remove: onRemove,
      saveItem: onSaveItem,
      decideCall: (callId, decision) => void decideCall(conversationId, callId, decision),
    }),
    [conversationId, onRemove, onSaveItem],
  );
}
