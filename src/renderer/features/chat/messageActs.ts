/** What can be done with a message of a conversation. The same object at every render: messages are memoised. */
export interface MessageActs {
  readonly regenerate: (messageId: string) => void;
  readonly goOn: (messageId: string) => void;
  readonly choose: (messageId: string) => void;
  readonly edit: (messageId: string, text: string) => void;
  readonly saveEdit: (messageId: string, role: 'user' | 'assistant', text: string) => void;
  readonly cancelEdit: () => void;
  readonly branch: (messageId: string) => void;
  readonly remove: (messageId: string) => void;
  readonly saveItem: (messageId: string) => void;
  readonly decideCall: (callId: string, decision: 'once' | 'always' | 'refuse') => void;
}
