import { Stepper } from '../ui/Stepper.tsx';
import type { EndpointFields } from './endpointFields.ts';

interface EndpointLimitsProps {
  readonly fields: EndpointFields;
  readonly onChange: (part: Partial<EndpointFields>) => void;
}

/** How hard the server may be asked. */
export function EndpointLimits({ fields, onChange }: EndpointLimitsProps) {
  return (
    <div className="endpoint-limits">
      <div className="col">
        <span className="ink sm">Requests at the same time</span>
        <Stepper
          label="Requests at the same time"
          value={fields.concurrency}
          min={1}
          max={64}
          onCommit={(value) => onChange({ concurrency: value ?? 1 })}
        />
      </div>
      <div className="col">
        <span className="ink sm">Requests a minute</span>
        <Stepper
          label="Requests a minute"
          value={fields.requestsPerMinute}
          min={1}
          max={100_000}
          placeholder="No limit"
          onCommit={(requestsPerMinute) => onChange({ requestsPerMinute })}
        />
      </div>
      <div className="col">
        <span className="ink sm">Give up without a byte after</span>
        <Stepper
          label="Give up without a byte after"
          value={fields.stallSeconds}
          min={1}
          max={3600}
          step={10}
          unit="s"
          onCommit={(value) => onChange({ stallSeconds: value ?? 120 })}
        />
      </div>
    </div>
  );
}
