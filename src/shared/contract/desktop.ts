import * as z from 'zod';

/** An address within the page, `#/chat/…`: never one of another page. */
export const PageAddress = z
  .string()
  .max(500)
  .regex(/^#\/[\w%./~-]*$/);

/** What the desktop shell could get of the system. */
export const DesktopState = z.object({
  /** Key combination of the quick prompt in Electron's words; null = none is wished for. */
  shortcut: z.string().nullable(),
  /** False where the combination is no valid one, or another program holds it. */
  hasShortcut: z.boolean(),
  hasTray: z.boolean(),
});
export type DesktopState = z.infer<typeof DesktopState>;
