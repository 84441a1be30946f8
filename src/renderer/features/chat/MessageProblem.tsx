import type { LoadOptions } from '#shared/contract/models.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { type ChatProblem, type MessageAction, messageActions } from './messageActions.ts';

interface MessageProblemProps {
  readonly title: string;
  readonly problem: ChatProblem;
  /** Context of the last load, or what would be asked for; null when unknown. */
  readonly contextTokens: number | null;
  /** The conversation went on: what happened is still told, but nothing can be done about it. */
  readonly isOver?: boolean;
  readonly onRetry: () => void;
  readonly onLoadWith: (options: Partial<LoadOptions>) => void;
  readonly onUnblock: () => void;
  readonly onChooseModel: () => void;
  readonly onNewChat: () => void;
  /** Puts what was typed back into the field; null where nothing is to be put back. */
  readonly onTakeBack?: (() => void) | null;
}

const variants = { load: 'primary', retry: 'default', chooseModel: 'default', unblock: 'default', newChat: 'ghost' } as const;

/** A failed answer in its place: what happened, what to do, and the one button most likely to help first. */
export function MessageProblem(props: MessageProblemProps) {
  const { title, problem, contextTokens, isOver = false } = props;
  const act = (action: MessageAction): void => {
    switch (action.kind) {
      case 'retry':
        return props.onRetry();
      case 'chooseModel':
        return props.onChooseModel();
      case 'unblock':
        return props.onUnblock();
      case 'newChat':
        return props.onNewChat();
      case 'load':
        return props.onLoadWith(action.options);
    }
  };
  if (isOver) return <ErrorState title={title} error={problem} />;
  const actions = messageActions(problem, contextTokens).map((action) => (
    <Button key={action.kind} size="sm" variant={variants[action.kind]} onClick={() => act(action)}>
      {action.words}
    </Button>
  ));
  const { onTakeBack = null } = props;
  const takeBack =
    onTakeBack === null ? null : (
      <Button key="takeBack" size="sm" variant="ghost" onClick={onTakeBack}>
        Edit it
      </Button>
    );
  return <ErrorState title={title} error={problem} actions={[...actions, takeBack]} />;
}
