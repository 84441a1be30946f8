import { Toast } from '@base-ui/react/toast';
import { CircleCheck, CircleX, Info, TriangleAlert, X } from 'lucide-react';
import { Icon } from './Icon.tsx';
import { type ToastData, toastManager } from './toast.ts';

const icons = { info: Info, done: CircleCheck, warning: TriangleAlert, error: CircleX } as const;

/** Where toasts appear. Mounted once by App. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={toastManager} limit={3} timeout={5000}>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts, close } = Toast.useToastManager<ToastData>();
  return toasts.map((toast) => {
    const action = toast.data?.action;
    return (
      // An error is announced by the viewport and hidden there from screen readers, with buttons that Tab reaches: it stays readable instead.
      <Toast.Root key={toast.id} toast={toast} className="pop toast" swipeDirection="right" aria-hidden={false}>
        <Toast.Content className="toast-body">
          <Icon of={icons[(toast.type ?? 'info') as keyof typeof icons] ?? Info} size={17} />
          <div className="grow">
            <Toast.Title render={<div />} className="ink med sm" />
            <Toast.Description render={<div />} className="xs" />
          </div>
          {action === undefined ? null : (
            <button
              type="button"
              className="btn ghost sm"
              onClick={() => {
                close(toast.id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <Toast.Close className="ib sm mt-0.5" aria-label="Dismiss" aria-hidden={false}>
            <Icon of={X} size={14} />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    );
  });
}
