import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { type AnswerSchema, readSchema, schemaTemplates } from './schemaTemplates.ts';

interface SchemaDialogProps {
  readonly schema: AnswerSchema | null;
  readonly onSave: (schema: AnswerSchema | null) => void;
  readonly onClose: () => void;
}

/** The JSON Schema that answers are held to, as text, checked while it is typed. */
export function SchemaDialog({ schema, onSave, onClose }: SchemaDialogProps) {
  const [text, setText] = useState(() => asText(schema ?? schemaTemplates[0]?.schema ?? {}));
  const read = readSchema(text);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Answer as JSON"
      description="While a model writes, every next token is held to this schema: the answer always fits it."
      actions={
        <>
          {schema === null ? null : (
            <Button variant="ghost" onClick={() => onSave(null)}>
              Answer as text again
            </Button>
          )}
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" disabled={'problem' in read} onClick={() => ('schema' in read ? onSave(read.schema) : undefined)}>
            Use this schema
          </Button>
        </>
      }
    >
      <div className="schema-editor">
        <div className="row templates" role="group" aria-label="Templates">
          {schemaTemplates.map((template) => (
            <Button key={template.name} size="sm" onClick={() => setText(asText(template.schema))}>
              {template.name}
            </Button>
          ))}
        </div>
        <TextArea
          label="JSON Schema"
          className="mono"
          spellCheck={false}
          rows={14}
          maxLength={200_000}
          value={text}
          onChange={setText}
          error={'problem' in read ? read.problem : null}
        />
      </div>
    </Dialog>
  );
}

const asText = (schema: AnswerSchema): string => JSON.stringify(schema, null, 2);
