import { formatCount } from '#core/units.ts';
import { chatErrors } from '#shared/contract/chat.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { pipeErrors } from '#shared/rpc/rpcError.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';

interface MessageProblemProps {
  readonly title: string;
  readonly problem: { readonly code: string; readonly message: string; readonly hint?: string | undefined };
  /** Context of the last load, or what would be asked for; null when unknown. */
  readonly contextTokens: number | null;
  /** The conversation went on: what happened is still told, but nothing can be done about it. */
  readonly isOver?: boolean;
  readonly onRetry: () => void;
  readonly onLoadWith: (contextTokens: number) => void;
  readonly onUnblock: () => void;
  readonly onChooseModel: () => void;
  readonly onNewChat: () => void;
}

const memoryCodes: ReadonlySet<string> = new Set([modelErrors.outOfMemory, modelErrors.loadFailed]);
const otherModelCodes: ReadonlySet<string> = new Set([
  modelErrors.notFound,
  modelErrors.notGguf,
  modelErrors.truncated,
  modelErrors.invalid,
  modelErrors.unsupportedVersion,
  modelErrors.unsupportedArchitecture,
  modelErrors.shardMissing,
  modelErrors.fileMissing,
  modelErrors.fileChanged,
  modelErrors.template,
  chatErrors.noModel,
]);

/** A failed answer in its place: what happened, what to do, and the one button most likely to help first. */
export function MessageProblem(props: MessageProblemProps) {
  const { problem, contextTokens } = props;
  const smaller = memoryCodes.has(problem.code) ? halfOf(contextTokens) : null;
  const retry = (
    <Button key="retry" size="sm" onClick={props.onRetry}>
      Try again
    </Button>
  );
  const chooseModel = (
    <Button key="model" size="sm" onClick={props.onChooseModel}>
      Choose another model
    </Button>
  );
  const actions = (() => {
    if (problem.code === pipeErrors.cancelled) return [retry];
    if (problem.code === modelErrors.runnerBlocked) {
      return [
        <Button key="unblock" size="sm" onClick={props.onUnblock}>
          Allow another try
        </Button>,
        chooseModel,
      ];
    }
    if (problem.code === modelErrors.contextFull) {
      return [
        <Button key="larger" size="sm" onClick={() => props.onLoadWith((contextTokens ?? 2_048) * 2)}>
          Load with {formatCount((contextTokens ?? 2_048) * 2)} context
        </Button>,
        <Button key="new" size="sm" variant="ghost" onClick={props.onNewChat}>
          New chat
        </Button>,
      ];
    }
    if (smaller !== null) {
      return [
        <Button key="smaller" size="sm" onClick={() => props.onLoadWith(smaller)}>
          Load with {formatCount(smaller)} context
        </Button>,
        retry,
        chooseModel,
      ];
    }
    return otherModelCodes.has(problem.code) ? [chooseModel, retry] : [retry, chooseModel];
  })();
  return <ErrorState title={props.title} error={problem} {...(props.isOver === true ? {} : { actions })} />;
}

/** Half the context in whole steps of 128, or null when it is as small as it gets. */
function halfOf(contextTokens: number | null): number | null {
  const half = Math.floor((contextTokens ?? 8_192) / 2 / 128) * 128;
  return half >= 256 ? half : null;
}
