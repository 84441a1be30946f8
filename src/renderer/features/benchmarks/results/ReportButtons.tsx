import { Download, Ellipsis, FileText, RotateCw } from 'lucide-react';
import type { ReportFormat } from '#shared/contract/benchmarks.ts';
import { saveReport } from '../../../stores/benchmarks.ts';
import { Button } from '../../../ui/Button.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Menu } from '../../../ui/Menu.tsx';
import { useIsNarrow } from '../../../ui/useIsNarrow.ts';
import { PastRuns } from '../PastRuns.tsx';

interface Form {
  readonly format: ReportFormat;
  readonly label: string;
  readonly detail: string;
}

/** Buttons of their own where there is room. */
const buttonForms: readonly Form[] = [
  { format: 'csv', label: 'CSV', detail: 'for a spreadsheet' },
  { format: 'json', label: 'JSON', detail: 'all numbers' },
];
const moreForms: readonly Form[] = [
  { format: 'md', label: 'Markdown', detail: 'for notes and tickets' },
  { format: 'jsonl', label: 'JSONL', detail: 'every answer' },
  { format: 'junit', label: 'JUnit XML', detail: 'for build servers' },
];

interface ReportButtonsProps {
  readonly runId: string;
  readonly onRunAgain: () => void;
  /** Null where no more can be asked. */
  readonly onExtend: (() => void) | null;
  readonly onSend: () => void;
}

/** What can be done with a finished run: again, as a file, further, elsewhere. */
export function ReportButtons({ runId, onRunAgain, onExtend, onSend }: ReportButtonsProps) {
  const isNarrow = useIsNarrow();
  const save = (format: ReportFormat): void => void saveReport(runId, format);
  return (
    <div className="end">
      <Button icon={RotateCw} onClick={onRunAgain}>
        Run again
      </Button>
      {isNarrow ? null : (
        <>
          <Button icon={Download} onClick={() => save('csv')}>
            CSV
          </Button>
          <Button onClick={() => save('json')}>JSON</Button>
        </>
      )}
      <Button icon={FileText} onClick={() => save('html')}>
        HTML report
      </Button>
      <Menu
        align="end"
        trigger={<IconButton icon={Ellipsis} label="More forms of the report" className="btn" />}
        actions={[
          ...(isNarrow ? [...buttonForms, ...moreForms] : moreForms).map(({ format, label, detail }) => ({
            label,
            detail,
            run: () => save(format),
          })),
          null,
          ...(onExtend === null ? [] : [{ label: 'Run more items…', detail: 'of the same run', run: onExtend }]),
          { label: 'Send to a collector…', detail: 'OpenTelemetry', run: onSend },
        ]}
      />
      <PastRuns isCompact />
    </div>
  );
}
