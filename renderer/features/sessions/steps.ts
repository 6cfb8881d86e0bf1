import { useTranslation } from 'react-i18next';
import type { Kind, Session } from '../../../contract/session.ts';
import { askFor } from '../../store/justification.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { go } from '../../store/route.ts';
import { watch } from '../../store/watch.ts';
import { useFailureTexts } from '../../ui/Failure.tsx';
import { accessLabel, stepOf } from './access.ts';
import { useAccessWords } from './words.ts';

/**
 * What a person can do with a session, from a key, a menu or a button. `go` shows a place (ms) of its recording to who may watch it now; else
 * it says why not.
 */
export function useSteps(): { take(session: Session, kind: Kind): void; go(session: Session, atMs: number): void } {
  const { t } = useTranslation();
  const textOf = useFailureTexts();
  const words = useAccessWords();
  const say = (error: unknown): void => {
    const { what, todo } = textOf(failureOf(error));
    notify(`${what} ${todo}`, 'problem');
  };
  return {
    go(session, atMs) {
      const access = session.access.recording;
      if (stepOf(access).do === 'watch') watch(session.id, 'recording', atMs).catch(say);
      else notify(t('sessions.details.notNow', { access: accessLabel(access, words).text }), 'problem');
    },
    take(session, kind) {
      const step = stepOf(session.access[kind]);
      switch (step.do) {
        case 'watch':
          watch(session.id, kind).catch(say);
          return;
        case 'ask':
          askFor(session, kind);
          return;
        case 'show-request':
          go({ name: 'my-requests', requestId: step.requestId });
          return;
        case 'nothing':
          notify(`${t(`sessions.action.${kind}`)}: ${t(`sessions.action.hint.${step.why}`)}`, 'problem');
          return;
        default:
          step satisfies never;
      }
    },
  };
}
