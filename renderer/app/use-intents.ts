import { useEffect, useState } from 'react';
import type { Intent } from '../../contract/intent.ts';
import { on } from '../store/bridge.ts';
import { failureOf } from '../store/live.ts';
import { notify } from '../store/notify.ts';
import { go, type Route } from '../store/route.ts';
import { watch } from '../store/watch.ts';
import { useFailureTexts } from '../ui/Failure.tsx';

/** Goes where a link, the tray or a notification leads: at once, or as soon as somebody is signed in. */
export function useIntents(signedIn: boolean): void {
  const [intent, setIntent] = useState<Intent | null>(null);
  const textOf = useFailureTexts();
  useEffect(() => on('intent', setIntent), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an intent is followed once; texts that change meanwhile do not follow it again.
  useEffect(() => {
    if (!signedIn || !intent) return;
    setIntent(null);
    if (intent.go !== 'watch') return go(routeOf(intent));
    watch(intent.sessionId, intent.kind).catch((error) => notify(textOf(failureOf(error)).what, 'problem'));
  }, [signedIn, intent]);
}

/** The screen that an intent names. */
export function routeOf(intent: Exclude<Intent, { go: 'watch' }>): Route {
  switch (intent.go) {
    case 'session':
      return { name: 'session', id: intent.id };
    case 'approvals':
      return { name: 'approvals', requestId: intent.requestId };
    case 'sessions':
    case 'my-requests':
    case 'settings':
      return { name: intent.go };
    default:
      return intent satisfies never;
  }
}
