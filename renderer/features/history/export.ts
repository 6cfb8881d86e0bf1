import { create } from 'zustand';
import type { CallInput, CallOutput } from '../../../contract/calls.ts';
import type { EventPayload } from '../../../contract/events.ts';
import type { Failure } from '../../../contract/failure.ts';
import { call, on } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';

type Saved = Extract<CallOutput<'history.export'>, { saved: true }>;

/** The one export that can be on its way. It goes on when the screen is left, and says how it ended to who comes back. */
export type ExportState =
  | { name: 'idle' }
  | { name: 'writing'; progress: EventPayload<'export-progress'> | null }
  | { name: 'done'; saved: Saved }
  | { name: 'canceled' }
  | { name: 'failed'; failure: Failure };

export const useExport = create<{ state: ExportState }>(() => ({ state: { name: 'idle' } }));

const set = (state: ExportState) => useExport.setState({ state });

/** Writes what fits to a file that main asks the person for. */
export async function startExport(input: CallInput<'history.export'>): Promise<void> {
  if (useExport.getState().state.name === 'writing') return;
  set({ name: 'writing', progress: null });
  const stop = on('export-progress', (progress) => set({ name: 'writing', progress }));
  try {
    const answer = await call('history.export', input);
    set(answer.saved ? { name: 'done', saved: answer } : { name: 'idle' });
  } catch (error) {
    const failure = failureOf(error);
    set(failure.code === 'CANCELED' ? { name: 'canceled' } : { name: 'failed', failure });
  } finally {
    stop();
  }
}

/** Stops writing; what was written of the file is removed. */
export const cancelExport = (): void => void call('history.cancelExport').catch(() => undefined);

/** What was said about the last export has been read. */
export const forgetExport = (): void => {
  if (useExport.getState().state.name !== 'writing') set({ name: 'idle' });
};
