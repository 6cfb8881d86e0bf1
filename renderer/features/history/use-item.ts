import { useEffect, useState } from 'react';
import type { HistoryItem } from '../../../contract/history.ts';
import { call, on } from '../../store/bridge.ts';
import { failureOf, type Live } from '../../store/live.ts';

/** Everything on record about a request, read again whenever the archive changes. What was read of another one is never shown for it. */
export function useItem(requestId: string): { live: Live<HistoryItem>; reload: () => void } {
  const [state, setState] = useState<{ requestId: string; live: Live<HistoryItem> } | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round reads again
  useEffect(() => {
    let current = true;
    let asked = 0;
    const load = () => {
      asked += 1;
      const mine = asked;
      call('history.get', { requestId }).then(
        (item) => {
          if (current && mine === asked) setState({ requestId, live: { state: 'ready', value: item } });
        },
        (error: unknown) => {
          if (current && mine === asked) setState({ requestId, live: { state: 'failed', failure: failureOf(error) } });
        },
      );
    };
    load();
    const stop = on('history', load);
    return () => {
      current = false;
      stop();
    };
  }, [requestId, round]);
  return {
    live: state?.requestId === requestId ? state.live : { state: 'waiting' },
    reload: () => setRound((before) => before + 1),
  };
}
