import { useEffect } from 'react';
import { tellScreenIsShown } from '../stores/firstScreen.ts';

/** Stands beside a screen that loads, and so is there no sooner than the screen. */
export function ScreenShown() {
  useEffect(tellScreenIsShown, []);
  return null;
}
