import { useTranslation } from 'react-i18next';
import type { Kind, Session } from '../../../contract/session.ts';
import { askFor } from '../../store/justification.ts';
import { notify } from '../../store/notify.ts';
import { go } from '../../store/route.ts';
import { watch } from '../../store/watch.ts';
import { stepOf } from './access.ts';

/** What a person can do with a session, from a key, a menu or a button. */
export function useSteps(): { take(session: Session, kind: Kind): void } {
  const { t } = useTranslation();
  return {
    take(session, kind) {
      const step = stepOf(session.access[kind]);
      switch (step.do) {
        case 'watch':
          void watch(session.id, kind);
          return;
        case 'ask':
          askFor({ sessionId: session.id, kind, session });
          return;
        case 'show-request':
          go({ name: 'my-requests', requestId: step.requestId });
          return;
        case 'nothing':
          notify({ message: `${t(`sessions.action.${kind}`)}: ${t(`sessions.action.hint.${step.why}`)}` });
          return;
        default:
          step satisfies never;
      }
    },
  };
}
