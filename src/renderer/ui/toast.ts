import { Toast } from '@base-ui/react/toast';

export interface ToastData {
  readonly action?: { readonly label: string; readonly run: () => void };
}

export const toastManager = Toast.createToastManager<ToastData>();

interface ToastOptions extends ToastData {
  readonly tone?: 'info' | 'done' | 'warning' | 'error';
  readonly title: string;
  readonly text?: string;
}

/** Shows a toast, bottom right: 5 s, longer under the pointer; an error stays until it is dismissed. */
export function showToast({ tone = 'info', title, text, action }: ToastOptions): void {
  toastManager.add({
    title,
    type: tone,
    timeout: tone === 'error' ? 0 : 5000,
    priority: tone === 'error' ? 'high' : 'low',
    data: action === undefined ? {} : { action },
    ...(text === undefined ? {} : { description: text }),
  });
}
