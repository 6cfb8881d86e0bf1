import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../../contract/failure.ts';
import type { UnsentCheck, UnsentRequest } from '../../../contract/unsent.ts';
import { call } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { askFor } from '../../store/justification.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { go } from '../../store/route.ts';
import { useTimes } from '../../store/time.ts';
import { ActionFailure } from '../../ui/ActionFailure.tsx';
import { useFailureTexts } from '../../ui/Failure.tsx';
import classes from './Unsent.module.css';

/** So many are listed before somebody asks for the others: below them stands what has been asked. */
const listedAtFirst = 3;

/**
 * What was written while the gateway was away, or was sent and never answered: sent, changed or thrown away when the person says so. A line
 * each; all of it is shown by a click on the line.
 */
export function Unsent({ items }: { items: readonly UnsentRequest[] }) {
  const { t } = useTranslation();
  const line = useConnection();
  const isOffline = line.state === 'ready' && line.value.state !== 'online';
  const [all, setAll] = useState(false);
  const count = items.length;
  return (
    <section className={classes.unsent} aria-label={t('requests.unsent.title')}>
      <header className={classes.head}>
        <h2>{t('requests.unsent.heading', { count })}</h2>
        {isOffline && <p>{t('requests.unsent.offline', { count })}</p>}
      </header>
      {(all ? items : items.slice(0, listedAtFirst)).map((item) => (
        <One key={`${item.draft.sessionId} ${item.draft.kind}`} item={item} isOffline={isOffline} />
      ))}
      {count > listedAtFirst && (
        <Button
          className={classes.all}
          size="compact-xs"
          variant="subtle"
          aria-expanded={all}
          onClick={() => setAll((before) => !before)}
        >
          {all ? t('requests.unsent.fewer') : t('requests.unsent.all', { count })}
        </Button>
      )}
    </section>
  );
}

type Step =
  | { name: 'ready' }
  | { name: 'working' }
  | { name: 'checked'; check: UnsentCheck }
  | { name: 'discarding' }
  | { name: 'failed'; failure: Failure };

function One({ item: { draft, session, since, maybeSent }, isOffline }: { item: UnsentRequest; isOffline: boolean }) {
  const { t } = useTranslation();
  const times = useTimes();
  const [opened, setOpened] = useState(false);
  const whole = useId();
  const [step, setStep] = useState<Step>({ name: 'ready' });
  const { sessionId, kind } = draft;

  // What was found out about other words is worth nothing for these.
  const words = JSON.stringify(draft);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words are what it hangs on
  useEffect(() => setStep({ name: 'ready' }), [words]);

  async function run(action: () => Promise<Step>) {
    setStep({ name: 'working' });
    try {
      setStep(await action());
    } catch (error) {
      setStep({ name: 'failed', failure: failureOf(error) });
    }
  }
  async function send(): Promise<Step> {
    const { id } = await call('drafts.send', { sessionId, kind });
    notify(t('requests.unsent.sent', { session: sessionId }));
    go({ name: 'my-requests', requestId: id });
    return { name: 'ready' };
  }
  async function checkAndSend(): Promise<Step> {
    const check = await call('drafts.check', { sessionId, kind });
    return check.problems.length + check.changes.length > 0 ? { name: 'checked', check } : send();
  }
  async function edit(): Promise<Step> {
    askFor(session ?? (await call('sessions.get', { id: sessionId })).session, kind);
    return { name: 'ready' };
  }
  async function discard(): Promise<Step> {
    await call('drafts.drop', { sessionId, kind });
    return { name: 'ready' };
  }

  const known = step.name === 'failed' ? step.failure : null;
  const requestId = known?.code === 'KEY_REUSED' || known?.code === 'ALREADY_ASKED' ? known.data.requestId : undefined;
  const isBlocked = step.name === 'checked' && step.check.problems.length > 0;
  const title = [t(`common.kind.${kind}`), sessionId, session?.device].filter(Boolean).join(' · ');
  return (
    <article className={classes.one} aria-label={title}>
      <button
        type="button"
        className={classes.line}
        aria-expanded={opened}
        aria-controls={opened ? whole : undefined}
        onClick={() => setOpened((before) => !before)}
      >
        <IconChevronRight className={classes.chevron} size={14} aria-hidden="true" />
        <span className={classes.name}>{title}</span>
        {!opened && <span className={classes.words}>{draft.justification}</span>}
      </button>
      <div className={classes.actions}>
        {step.name === 'discarding' ? (
          <>
            <Button size="compact-xs" color="red" onClick={() => run(discard)}>
              {t('requests.unsent.discardForGood')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setStep({ name: 'ready' })}>
              {t('requests.unsent.keep')}
            </Button>
          </>
        ) : (
          <>
            <Button
              size="compact-xs"
              loading={step.name === 'working'}
              disabled={isOffline || isBlocked}
              onClick={() => run(step.name === 'checked' ? send : checkAndSend)}
            >
              {step.name === 'checked' && !isBlocked ? t('requests.unsent.sendAsItIs') : t('requests.unsent.send')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => run(edit)}>
              {t('requests.unsent.edit')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setStep({ name: 'discarding' })}>
              {t('requests.unsent.discard')}
            </Button>
          </>
        )}
      </div>
      {(opened || maybeSent) && (
        <div id={whole} className={classes.whole}>
          {opened && <p className={classes.text}>{draft.justification}</p>}
          <p className={classes.state}>
            {opened && `${t('requests.unsent.since', { time: times.said(since) })} `}
            {maybeSent && t('requests.unsent.maybeSent')}
          </p>
        </div>
      )}
      {step.name === 'checked' && <Found check={step.check} />}
      {known && (
        <div className={classes.found}>
          <ActionFailure failure={known} />
          {requestId !== undefined && (
            <Button size="compact-sm" mt="xs" variant="default" onClick={() => go({ name: 'my-requests', requestId })}>
              {t('justification.showRequest')}
            </Button>
          )}
        </div>
      )}
    </article>
  );
}

/** What is not as it was when the request was written. */
function Found({ check: { problems, changes } }: { check: UnsentCheck }) {
  const { t } = useTranslation();
  const times = useTimes();
  const textOf = useFailureTexts();
  return (
    <div className={classes.found} role="status" data-tone={problems.length > 0 ? 'problem' : 'change'}>
      <p className={classes.lead}>{t(problems.length > 0 ? 'requests.unsent.mustChange' : 'requests.unsent.hasChanged')}</p>
      <ul>
        {problems.map((problem) => {
          const { what, todo } = textOf(problem as Failure);
          return (
            <li key={problem.code}>
              {what} {todo}
            </li>
          );
        })}
        {changes.map((change) =>
          change.what === 'session-state' ? (
            <li key={change.what}>
              {t('requests.unsent.sessionState', {
                from: t(`sessions.state.${change.from}`),
                to: t(`sessions.state.${change.to}`),
              })}
            </li>
          ) : (
            <li key={change.what}>{t('requests.unsent.windowBegun', { end: times.said(change.left.end) })}</li>
          ),
        )}
      </ul>
    </div>
  );
}
