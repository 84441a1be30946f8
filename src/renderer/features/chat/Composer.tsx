import { ArrowUp, Braces, Paperclip, Square } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { AnswerShape, ContextUse, NewAttachment } from '#shared/contract/chat.ts';
import { Icon } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { AttachmentList } from './AttachmentList.tsx';
import { ContextMeter } from './ContextMeter.tsx';
import { SchemaDialog } from './SchemaDialog.tsx';
import { ThinkMenu } from './ThinkMenu.tsx';
import { ToolsMenu } from './ToolsMenu.tsx';

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

const tallestPx = 220;

/** Where a message is typed. Enter sends, Shift Enter breaks the line, and an input method's own Enter does neither. */
export function Composer(props: ComposerProps) {
  const { modelName, seesImages, text, onText, attachments, isReadingFiles, onFiles, shape, onShape, onSend, onStop, fieldRef } = props;
  const isComposing = useRef(false);
  const files = useRef<HTMLInputElement | null>(null);
  const [isDropping, setDropping] = useState(false);
  const [isEditingSchema, setEditingSchema] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const field = fieldRef.current;
    if (field === null) return;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, tallestPx)}px`;
  }, [text, fieldRef]);
  const isEmpty = text.trim() === '' && attachments.length === 0;

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // Chromium sends the Enter that ends a composition as key code 229, some systems after compositionend.
    if (isComposing.current || event.nativeEvent.isComposing || event.keyCode === 229) return;
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
      <div
        role="group"
        aria-label="New message"
        className={isDropping ? 'box is-dropping' : 'box'}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={(event) => {
          if (event.dataTransfer.files.length === 0) return;
          event.preventDefault();
          setDropping(false);
          void onFiles(event.dataTransfer.files);
        }}
      >
        <AttachmentList attachments={attachments} onRemove={props.onDetach} />
        <textarea
          ref={fieldRef}
          rows={1}
          value={text}
          aria-label="Message"
          placeholder={modelName === null ? 'Choose a model to chat with' : `Message ${modelName}`}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return;
            event.preventDefault();
            void onFiles(event.clipboardData.files);
          }}
          onCompositionStart={() => {
            isComposing.current = true;
          }}
          onCompositionEnd={() => {
            isComposing.current = false;
          }}
        />
        <div className="row tools">
          <input
            ref={files}
            type="file"
            multiple
            hidden
            aria-label="Files to attach"
            onChange={(event) => {
              void onFiles(event.target.files).then(() => {
                if (files.current !== null) files.current.value = '';
              });
            }}
          />
          <IconButton
            icon={Paperclip}
            label={seesImages ? 'Attach pictures or text files' : "Attach text files: this model can't see pictures"}
            onClick={() => files.current?.click()}
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
      </div>
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
