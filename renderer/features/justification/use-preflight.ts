import { useEffect, useState } from 'react';
import type { Failure } from '../../../contract/failure.ts';
import type { Preflight } from '../../../contract/request.ts';
import type { Kind } from '../../../contract/session.ts';
import { toInstant } from '../../../contract/time.ts';
import { call } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';
import type { Span } from './window.ts';

/** What the gateway says would happen on Save. `askedAtMs` is the moment (gateway time) of which it speaks. */
export type Ahead =
  | { name: 'no-window' }
  | { name: 'waiting'; last: Preflight | null }
  | { name: 'known'; preflight: Preflight; askedAtMs: number }
  | { name: 'failed'; failure: Failure };

const settleMs = 300;

/**
 * Asks the gateway who would decide, once the window has stood still for a moment. `windowKey` names the window: a preset keeps its
 * key while the clock goes on. Of overlapping questions the last one counts.
 */
export function usePreflight(
  sessionId: string,
  kind: Kind,
  windowKey: string | null,
  span: () => Span,
  now: () => number,
): Ahead {
  const [ahead, setAhead] = useState<Ahead>({ name: 'waiting', last: null });

  // biome-ignore lint/correctness/useExhaustiveDependencies: windowKey stands for span; now is a clock
  useEffect(() => {
    if (windowKey === null) {
      setAhead({ name: 'no-window' });
      return;
    }
    let isLast = true;
    setAhead((before) => ({
      name: 'waiting',
      last: before.name === 'known' ? before.preflight : before.name === 'waiting' ? before.last : null,
    }));
    const timer = setTimeout(async () => {
      const { startMs, endMs } = span();
      const askedAtMs = now();
      try {
        const preflight = await call('requests.preflight', {
          sessionId,
          kind,
          window: { start: toInstant(startMs), end: toInstant(endMs) },
        });
        if (isLast) setAhead({ name: 'known', preflight, askedAtMs });
      } catch (error) {
        if (isLast) setAhead({ name: 'failed', failure: failureOf(error) });
      }
    }, settleMs);
    return () => {
      isLast = false;
      clearTimeout(timer);
    };
  }, [sessionId, kind, windowKey]);

  return ahead;
}
