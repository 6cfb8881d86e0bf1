import { useEffect, useState } from 'react';
import type { Failure } from '../../../contract/failure.ts';
import type { HistoryFigures, HistoryFilter } from '../../../contract/history.ts';
import { call, on } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';

const settleMs = 200;

export type FiguresState = { figures: HistoryFigures | null; failure: Failure | null };

/** The figures of what a filter finds, made again whenever the archive changes; what was there stays until others are. */
export function useFigures(filter: HistoryFilter): FiguresState {
  const [state, setState] = useState<FiguresState>({ figures: null, failure: null });
  // A filter is what it says, not the object that it is.
  const said = JSON.stringify(filter);
  useEffect(() => {
    let current = true;
    let asking = false;
    let again = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      try {
        const figures = await call('history.figures', { filter: JSON.parse(said) });
        if (current) setState({ figures, failure: null });
      } catch (error) {
        if (current) setState((before) => ({ ...before, failure: failureOf(error) }));
      }
      asking = false;
      if (current && again) {
        again = false;
        timer = setTimeout(ask, settleMs);
      }
    };
    void ask();
    const stop = on('history', () => {
      clearTimeout(timer);
      timer = setTimeout(ask, settleMs);
    });
    return () => {
      current = false;
      clearTimeout(timer);
      stop();
    };
  }, [said]);
  return state;
}
