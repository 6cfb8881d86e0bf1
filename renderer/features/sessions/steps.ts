import { useTranslation } from 'react-i18next';
import type { Kind, Session } from '../../../contract/session.ts';
import { askFor } from '../../store/justification.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { go } from '../../store/route.ts';
import { watch } from '../../store/watch.ts';
import { useFailureTexts } from '../../ui/Failure.tsx';
import { stepOf } from './access.ts';

/** What a person can do with a session, from a key, a menu or a button. */
export function useSteps(): { take(session: Session, kind: Kind): void } {
  const { t } = useTranslation();
  const textOf = useFailureTexts();
  return {
    take(session, kind) {
      const step = stepOf(session.access[kind]);
      switch (step.do) {
        case 'watch':
          watch(session.id, kind).catch((error: unknown) => {
            const { what, todo } = textOf(failureOf(error));
            notify(`${what} ${todo}`, 'problem');
          });
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
