import { create } from 'zustand';
import type { SessionEventType } from '../../../contract/session.ts';

/** What is open or asked for around the picture. One page shows one viewing. */
type Panel = {
  /** What is looked for in the session. */
  query: string;
  /** The hit that was gone to last: its place in the list of events. */
  hit: number | null;
  /** The kinds of events that are shown; all when empty. */
  types: readonly SessionEventType[];
  open: 'nothing' | 'help' | 'time';
};

export const usePanel = create<Panel>(() => ({ query: '', hit: null, types: [], open: 'nothing' }));
export const setPanel = usePanel.setState;

/** The search box, wherever it is. */
export const searchBoxId = 'find-in-session';
