import { useEffect, useState } from 'react';
import type { Intent } from '../../contract/intent.ts';
import { call, on } from '../store/bridge.ts';
import { askFor } from '../store/justification.ts';
import { failureOf } from '../store/live.ts';
import { notify } from '../store/notify.ts';
import { go, type Route, useRoute } from '../store/route.ts';
import { watch } from '../store/watch.ts';
import { useFailureTexts } from '../ui/Failure.tsx';

/** Goes where a link, the tray or a notification leads: at once, or as soon as somebody is signed in. */
export function useIntents(signedIn: boolean): void {
  const [intent, setIntent] = useState<Intent | null>(null);
  const textOf = useFailureTexts();
  useEffect(() => on('intent', setIntent), []);
  useEffect(() => {
    if (!signedIn) return;
    call('app.nextIntent').then(
      ({ intent: next }) => next && setIntent(next),
      () => undefined,
    );
  }, [signedIn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an intent is followed once; texts that change meanwhile do not follow it again.
  useEffect(() => {
    if (!signedIn || !intent) return;
    setIntent(null);
    const step = follow(intent);
    void step?.catch((error) => notify(textOf(failureOf(error)).what, 'problem'));
  }, [signedIn, intent]);
}

function follow(intent: Intent): Promise<void> | null {
  switch (intent.go) {
    case 'watch':
      return watch(intent.sessionId, intent.kind);
    case 'ask':
      return askLike(intent);
    default:
      go(routeOf(intent));
      return null;
  }
}

/** Opens the Justification dialog: over the player from which it was asked for, or over Remote Sessions. */
async function askLike({ sessionId, kind, likeRequestId }: Extract<Intent, { go: 'ask' }>): Promise<void> {
  const [{ session }, like] = await Promise.all([
    call('sessions.get', { id: sessionId }),
    likeRequestId === null ? null : call('requests.get', { id: likeRequestId }).catch(() => null),
  ]);
  if (useRoute.getState().route.name !== 'watch') go({ name: 'sessions' });
  const { justification, reason, governanceCode } = like ?? {};
  askFor(session, kind, like ? { justification, reasonId: reason?.id, governanceCode: governanceCode ?? '' } : {});
}

/** The screen that an intent names. */
export function routeOf(intent: Exclude<Intent, { go: 'watch' | 'ask' }>): Route {
  switch (intent.go) {
    case 'session':
      return { name: 'session', id: intent.id };
    case 'approvals':
      return { name: 'approvals', requestId: intent.requestId };
    // Main has a place for it; this is where it is found if main has not.
    case 'request':
      return { name: 'approvals', requestId: intent.id };
    case 'my-requests':
      return { name: 'my-requests', requestId: intent.requestId };
    case 'sessions':
    case 'history':
    case 'settings':
      return { name: intent.go };
    default:
      return intent satisfies never;
  }
}
