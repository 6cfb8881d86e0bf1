import { create } from 'zustand';
import type { SessionEventType } from '../../../contract/session.ts';

export type Tab = 'events' | 'comments';

/** What is open or asked for around the picture. One page shows one viewing. */
type Panel = {
  /** What is looked for in the session. */
  query: string;
  /** The hit that was gone to last: its place in the list of events. */
  hit: number | null;
  /** The kinds of events that are shown; all when empty. */
  types: readonly SessionEventType[];
  open: 'nothing' | 'help' | 'time';
  /** Which pane stands beside the picture. */
  tab: Tab;
  /** Whether one stands there at all. */
  beside: boolean;
};

export const usePanel = create<Panel>(() => ({ query: '', hit: null, types: [], open: 'nothing', tab: 'events', beside: true }));
export const setPanel = usePanel.setState;

/** The search box, wherever it is. */
export const searchBoxId = 'find-in-session';

/** Where a comment is written. */
export const commentBoxId = 'comment-on-session';

/** Shows a pane beside the picture and goes to a box in it as soon as it is there. */
export function showTab(tab: Tab, boxId: string): void {
  setPanel({ tab, beside: true });
  // What is typed right behind the key is meant for the box.
  const box = document.getElementById(boxId);
  if (box) box.focus();
  else requestAnimationFrame(() => document.getElementById(boxId)?.focus());
}
