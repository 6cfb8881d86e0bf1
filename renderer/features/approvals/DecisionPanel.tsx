import { Button, Kbd, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../../contract/failure.ts';
import type { DecisionIntent } from '../../../contract/intent.ts';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { useGatewayNow } from '../../store/time.ts';
import { ActionFailure } from '../../ui/ActionFailure.tsx';
import { useFailureText, useFailureTexts } from '../../ui/Failure.tsx';
import { Changes } from './Changes.tsx';
import classes from './DecisionPanel.module.css';
import { isField, wishOf } from './keys.ts';
import { Narrowing } from './Narrowing.tsx';
import { StepUp } from './StepUp.tsx';
import { type Deciding, useDecision, type Verdict } from './use-decision.ts';

type Props = {
  request: AccessRequest;
  /** With which wish the person came here; a new object is a new wish. */
  wish?: { intent: DecisionIntent } | undefined;
  onDone: (verdict: Verdict, after: AccessRequest) => void;
  /** Escape, with nothing open that it closes first. */
  onClose?: () => void;
};

/** Approve, reject or revoke: what the gateway says this person may do, with the mouse or by the keyboard alone. */
export function DecisionPanel({ request, wish, onDone, onClose }: Props) {
  const phase = phaseOf(request, useGatewayNow('second'));
  const deciding = useDecision(request);
  const mayDecide = request.may.decide.allowed && phase === 'pending';
  const mayRevoke = request.may.revoke.allowed && (phase === 'open' || phase === 'scheduled');
  const { step } = deciding;
  const told = useRef<typeof step | null>(null);
  useEffect(() => {
    if (step.name !== 'done' || told.current === step) return;
    told.current = step;
    onDone(step.verdict, step.after);
  }, [step, onDone]);

  if (!mayDecide && !mayRevoke) return <WhyNot request={request} deciding={deciding} phase={phase} />;
  return (
    <Panel
      key={mayRevoke ? 'revoke' : 'decide'}
      request={request}
      deciding={deciding}
      mayDecide={mayDecide}
      mayRevoke={mayRevoke}
      wish={wish}
      onClose={onClose}
    />
  );
}

function Panel({
  request,
  deciding,
  mayDecide,
  mayRevoke,
  wish,
  onClose,
}: Omit<Props, 'onDone'> & { deciding: Deciding; mayDecide: boolean; mayRevoke: boolean }) {
  const { t } = useTranslation();
  const { step, differences, failure } = deciding;
  const [verdict, setVerdict] = useState<Verdict | null>(mayRevoke ? 'revoke' : null);
  const [narrowing, setNarrowing] = useState(false);
  const [unready, setUnready] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const approve = useRef<HTMLButtonElement>(null);
  const busy = step.name === 'sending' || step.name === 'proving';
  const changed = differences.length > 0;
  const lacking = useFailureTexts()({ code: 'COMMENT_REQUIRED', data: {} });
  const open = narrowing || deciding.narrowed !== null;

  function choose(next: 'approve' | 'reject') {
    if (!mayDecide) return;
    setVerdict(next);
    (next === 'approve' ? approve : box).current?.focus();
  }
  function send(next: Verdict) {
    setVerdict(next);
    if (next === 'approve' && open && unready) {
      deciding.fail({ code: 'WINDOW_WIDENED', data: {} });
      return;
    }
    if (next !== 'approve' && deciding.comment.trim() === '') box.current?.focus();
    void deciding.run(next);
  }
  function toggleNarrowing() {
    if (!mayDecide) return;
    if (open) deciding.setNarrowed(null);
    // Who narrows wants to approve.
    else setVerdict('approve');
    setNarrowing(!open);
    setUnready(false);
    deciding.fail(null);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish is followed once, when it comes
  useEffect(() => {
    if (wish?.intent === 'approve' || wish?.intent === 'reject') choose(wish.intent);
  }, [wish]);

  const onKey = useRef<(event: KeyboardEvent) => void>(() => undefined);
  onKey.current = (event) => {
    if (event.defaultPrevented || document.querySelector('[role="dialog"]')) return;
    const key = wishOf(event, isField(event.target));
    if (key === null || (key === 'close' && !onClose)) return;
    if (key !== 'close' && (busy || (changed && key !== 'send'))) return;
    event.preventDefault();
    switch (key) {
      case 'approve':
      case 'reject':
        return choose(key);
      case 'narrow':
        return toggleNarrowing();
      case 'send':
        if (changed) return deciding.acknowledge();
        if (verdict) return send(verdict);
        return box.current?.focus();
      case 'close':
        if (step.name === 'proving') return deciding.giveUp();
        if (open) return toggleNarrowing();
        return onClose?.();
      default:
        key satisfies never;
    }
  };
  useEffect(() => {
    const heard = (event: KeyboardEvent) => onKey.current(event);
    document.addEventListener('keydown', heard);
    return () => document.removeEventListener('keydown', heard);
  }, []);

  return (
    <section className={classes.panel} ref={panel} aria-label={t('requests.deciding.label')}>
      {changed && <Changes differences={differences} onAcknowledge={deciding.acknowledge} />}
      <Textarea
        ref={box}
        label={
          <>
            {t('requests.comment')}{' '}
            <span className={classes.need}>{t(mayDecide ? 'requests.commentReject' : 'requests.commentRevoke')}</span>
          </>
        }
        aria-label={t('requests.comment')}
        value={deciding.comment}
        error={failure?.code === 'COMMENT_REQUIRED' && `${lacking.what} ${lacking.todo}`}
        onChange={(event) => {
          deciding.setComment(event.currentTarget.value);
          if (failure?.code === 'COMMENT_REQUIRED') deciding.fail(null);
        }}
        autosize
        minRows={2}
        maxRows={5}
        maxLength={2000}
      />
      {mayDecide && open && (
        <Narrowing
          request={request}
          narrowed={deciding.narrowed}
          onChange={(window) => {
            setUnready(window === null);
            deciding.setNarrowed(window);
          }}
        />
      )}
      {step.name === 'proving' && (
        <StepUp how={step.how} onProved={() => void deciding.run(step.verdict)} onGiveUp={deciding.giveUp} />
      )}
      {failure && failure.code !== 'COMMENT_REQUIRED' && !(changed && failure.code === 'STALE_VERSION') && (
        <ActionFailure failure={failure} />
      )}
      <div className={classes.actions}>
        {mayDecide && (
          <>
            <Button
              ref={approve}
              variant={verdict === 'reject' ? 'default' : 'filled'}
              loading={step.name === 'sending' && step.verdict === 'approve'}
              disabled={busy || changed}
              aria-keyshortcuts="A"
              onClick={() => send('approve')}
            >
              {t('requests.approve')}
            </Button>
            <Button
              {...(verdict === 'reject'
                ? { color: 'red.9' }
                : { variant: 'default', ...(!busy && !changed && { c: 'var(--bad-text)' }) })}
              loading={step.name === 'sending' && step.verdict === 'reject'}
              disabled={busy || changed}
              aria-keyshortcuts="R"
              onClick={() => send('reject')}
            >
              {t('requests.reject')}
            </Button>
            <Button
              variant="default"
              size="xs"
              disabled={busy || changed}
              aria-keyshortcuts="N"
              aria-expanded={open}
              onClick={toggleNarrowing}
            >
              {t(open ? 'requests.narrowed_' : 'requests.narrow')}
            </Button>
          </>
        )}
        {mayRevoke && (
          <Button
            color="red.9"
            loading={step.name === 'sending' && step.verdict === 'revoke'}
            disabled={busy || changed}
            onClick={() => send('revoke')}
          >
            {t('requests.revoke')}
          </Button>
        )}
      </div>
      <Hints mayDecide={mayDecide} closes={onClose !== undefined} />
    </section>
  );
}

/** The keys, for who wants to be quick. */
function Hints({ mayDecide, closes }: { mayDecide: boolean; closes: boolean }) {
  const { t } = useTranslation();
  const keys: [string, string][] = [
    ...(mayDecide
      ? ([
          ['A', t('requests.keys.approve')],
          ['R', t('requests.keys.reject')],
          ['N', t('requests.keys.narrow')],
        ] as [string, string][])
      : []),
    ['Ctrl+Enter', t('requests.keys.send')],
    ...(closes ? ([['Esc', t('requests.keys.close')]] as [string, string][]) : []),
  ];
  return (
    <p className={classes.hints}>
      {keys.map(([key, text]) => (
        <span key={key}>
          <Kbd size="xs">{key}</Kbd> {text}
        </span>
      ))}
    </p>
  );
}

/** Why this person can do nothing here, if there is something that others could: what was typed stays in sight. */
function WhyNot({ request, deciding, phase }: { request: AccessRequest; deciding: Deciding; phase: string }) {
  const { t } = useTranslation();
  const { may, state } = request;
  const overdue = phase === 'expired' && state.status === 'pending';
  const why: Failure | null =
    deciding.step.name === 'done'
      ? null
      : overdue
        ? { code: 'DEADLINE_PASSED', data: { deadline: request.deadline } }
        : phase === 'pending' && !may.decide.allowed
          ? ({ code: may.decide.why, data: {} } as Failure)
          : null;
  const typed = deciding.comment.trim() !== '';
  if (!why && !deciding.failure && !typed) return null;
  return (
    <section className={classes.panel} aria-label={t('requests.deciding.label')}>
      {deciding.differences.length > 0 && <Changes differences={deciding.differences} />}
      {deciding.failure ? <ActionFailure failure={deciding.failure} /> : why && <Why failure={why} />}
      {typed && (
        <Textarea label={t('requests.deciding.unsent')} value={deciding.comment} readOnly autosize minRows={1} maxRows={4} />
      )}
    </section>
  );
}

function Why({ failure }: { failure: Failure }) {
  const { what, todo } = useFailureText(failure);
  return (
    <p className={classes.quiet}>
      {what} {todo}
    </p>
  );
}
