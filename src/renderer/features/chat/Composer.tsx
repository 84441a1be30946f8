import { ArrowUp, Braces, Square } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useState } from 'react';
import type { AnswerShape, ContextUse, NewAttachment } from '#shared/contract/chat.ts';
import { Icon } from '../../ui/Icon.tsx';
import { AttachButton } from './AttachButton.tsx';
import { ComposerBox } from './ComposerBox.tsx';
import { ContextMeter } from './ContextMeter.tsx';
import { SchemaDialog } from './SchemaDialog.tsx';
import { ThinkMenu } from './ThinkMenu.tsx';
import { ToolsMenu } from './ToolsMenu.tsx';
import { useComposing } from './useComposing.ts';

interface ComposerProps {
  readonly modelName: string | null;
  readonly seesImages: boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly attachments: readonly NewAttachment[];
  /** While files are read nothing is sent: they belong to this message. */
  readonly isReadingFiles: boolean;
  readonly onFiles: (files: Iterable<File> | null | undefined) => Promise<void>;
  readonly onDetach: (index: number) => void;
  readonly shape: AnswerShape;
  readonly onShape: (shape: AnswerShape) => void;
  readonly onSend: () => void;
  /** Null while nothing is being written. */
  readonly onStop: (() => void) | null;
  readonly isStopping: boolean;
  /** Changes the last question; null where there is none. */
  readonly onEditLast: (() => void) | null;
  readonly context: ContextUse | null;
  readonly fieldRef: RefObject<HTMLTextAreaElement | null>;
}

/** Where a message is typed. Enter sends, Shift Enter breaks the line, and an input method's own Enter does neither. */
export function Composer(props: ComposerProps) {
  const { modelName, seesImages, text, onText, attachments, isReadingFiles, onFiles, shape, onShape, onSend, onStop, fieldRef } = props;
  const composing = useComposing(fieldRef, text);
  const [isEditingSchema, setEditingSchema] = useState(false);
  const isEmpty = text.trim() === '' && attachments.length === 0;

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (composing.isComposing(event)) return;
    if (event.key === 'ArrowUp' && isEmpty && props.onEditLast !== null) {
      event.preventDefault();
      props.onEditLast();
    }
    // With Ctrl it is the answer to a question: whether a tool may run.
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (onStop === null && !isReadingFiles) onSend();
  }

  return (
    <div className="composer">
      <ComposerBox label="New message" attachments={attachments} onFiles={onFiles} onDetach={props.onDetach}>
        <textarea
          ref={fieldRef}
          dir="auto"
          rows={1}
          value={text}
          aria-label="Message"
          placeholder={modelName === null ? 'Choose a model to chat with' : `Message ${modelName}`}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          {...composing.handlers}
        />
        <div className="row tools">
          <AttachButton
            label={seesImages ? 'Attach pictures or text files' : "Attach text files: this model can't see pictures"}
            onFiles={onFiles}
          />
          <ThinkMenu value={shape.thinking} onChange={(thinking) => onShape({ ...shape, thinking })} />
          <button
            type="button"
            className="chip"
            aria-pressed={shape.schema !== null}
            aria-haspopup="dialog"
            onClick={() => setEditingSchema(true)}
          >
            <Icon of={Braces} size={14} />
            JSON
          </button>
          <ToolsMenu tools={shape.tools} onChange={(tools) => onShape({ ...shape, tools })} />
          <span className="grow" />
          <ContextMeter use={props.context} />
          {onStop === null ? (
            <button
              type="button"
              className="btn primary"
              disabled={isEmpty || isReadingFiles || modelName === null}
              onClick={onSend}
              title="Enter sends, Shift Enter is a new line"
            >
              <ArrowUp size={14} aria-hidden="true" />
              Send
            </button>
          ) : (
            <button type="button" className="btn" disabled={props.isStopping} onClick={onStop}>
              <Square size={12} strokeWidth={3} aria-hidden="true" />
              {props.isStopping ? 'Stopping' : 'Stop'}
              <kbd className="kbd">Esc</kbd>
            </button>
          )}
        </div>
      </ComposerBox>
      {isEditingSchema ? (
        <SchemaDialog
          schema={shape.schema}
          onClose={() => setEditingSchema(false)}
          onSave={(schema) => {
            setEditingSchema(false);
            onShape({ ...shape, schema });
          }}
        />
      ) : null}
    </div>
  );
}
