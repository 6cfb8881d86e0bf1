import { Button, Textarea } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import '@mantine/dates/styles.layer.css';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../../contract/failure.ts';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { toInstant, toMs, type Window } from '../../../contract/time.ts';
import { call } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { useGatewayNow } from '../../store/time.ts';
import { useZone } from '../../store/use-zone.ts';
import { atWall, wallOf, type Zone } from '../../store/zone.ts';
import { ActionFailure } from '../../ui/ActionFailure.tsx';
import { useFailureText } from '../../ui/Failure.tsx';
import classes from './DecisionPanel.module.css';

/** Approve, reject or revoke: what the gateway says this person may do. It names the version that is on the screen. */
export function DecisionPanel({ request }: { request: AccessRequest }) {
  const { t } = useTranslation();
  const phase = phaseOf(request, useGatewayNow('second'));
  const mayDecide = request.may.decide.allowed && phase === 'pending';
  const mayRevoke = request.may.revoke.allowed && (phase === 'open' || phase === 'scheduled');
  const [comment, setComment] = useState('');
  const [narrowed, setNarrowed] = useState<Window | null>(null);
  const [busy, setBusy] = useState<'approve' | 'reject' | 'revoke' | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  // One key for one decision about one version: sent twice by a broken line, it counts once.
  const [key, setKey] = useState(() => crypto.randomUUID());
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a new decision
  useEffect(() => setKey(crypto.randomUUID()), [request.version]);

  async function run(what: 'approve' | 'reject' | 'revoke') {
    if (what !== 'approve' && comment.trim() === '') {
      setFailure({ code: 'COMMENT_REQUIRED', data: {} });
      box.current?.focus();
      return;
    }
    setBusy(what);
    setFailure(null);
    const { id, version } = request;
    try {
      const after =
        what === 'revoke'
          ? await call('requests.revoke', { id, version, comment })
          : await call('requests.decide', {
              key,
              id,
              version,
              verdict: what,
              comment,
              ...(what === 'approve' && narrowed && { window: narrowed }),
            });
      setComment('');
      notify(
        what === 'approve' && after.state.status === 'pending'
          ? t('requests.done.level')
          : t(`requests.done.${what}`, { name: request.requester.displayName }),
      );
    } catch (error) {
      setFailure(failureOf(error));
      if (failureOf(error).code !== 'UNREACHABLE') setKey(crypto.randomUUID());
    } finally {
      setBusy(null);
    }
  }

  if (!mayDecide && !mayRevoke)
    return phase === 'pending' && !request.may.decide.allowed ? <WhyNot why={request.may.decide.why} /> : null;
  return (
    <div className={classes.panel}>
      <Textarea
        ref={box}
        label={t('requests.comment')}
        description={t(mayDecide ? 'requests.commentReject' : 'requests.commentRevoke')}
        aria-label={t('requests.comment')}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
      />
      {mayDecide && narrowed && <Narrowing request={request} window={narrowed} onChange={setNarrowed} />}
      {failure && <ActionFailure failure={failure} />}
      <div className={classes.actions}>
        {mayDecide && (
          <>
            <Button loading={busy === 'approve'} disabled={busy !== null} onClick={() => run('approve')}>
              {t('requests.approve')}
            </Button>
            <Button
              variant="default"
              c="var(--bad-text)"
              loading={busy === 'reject'}
              disabled={busy !== null}
              onClick={() => run('reject')}
            >
              {t('requests.reject')}
            </Button>
            <Button variant="default" size="xs" onClick={() => setNarrowed(narrowed ? null : request.window)}>
              {t(narrowed ? 'requests.narrowed_' : 'requests.narrow')}
            </Button>
          </>
        )}
        {mayRevoke && (
          <Button
            variant="default"
            c="var(--bad-text)"
            loading={busy === 'revoke'}
            disabled={busy !== null}
            onClick={() => run('revoke')}
          >
            {t('requests.revoke')}
          </Button>
        )}
      </div>
    </div>
  );
}

function WhyNot({ why }: { why: Failure['code'] }) {
  const { what, todo } = useFailureText({ code: why, data: {} } as Failure);
  return (
    <p className={classes.quiet}>
      {what} {todo}
    </p>
  );
}

/** The window within what was asked for. Times are in the zone the person chose. */
function Narrowing({
  request,
  window,
  onChange,
}: {
  request: AccessRequest;
  window: Window;
  onChange: (window: Window) => void;
}) {
  const { t } = useTranslation();
  const zone = useZone();
  const [min, max] = [wallText(request.window.start, zone), wallText(request.window.end, zone)];
  const field = (name: 'start' | 'end') => (
    <DateTimePicker
      label={t(`requests.${name}`)}
      value={wallText(window[name], zone)}
      minDate={min}
      maxDate={max}
      valueFormat="YYYY-MM-DD HH:mm"
      onChange={(text) => text && onChange({ ...window, [name]: clamp(instantOf(text, zone), request.window) })}
    />
  );
  return (
    <div className={classes.window}>
      {field('start')}
      {field('end')}
    </div>
  );
}

const clamp = (at: string, { start, end }: Window) => toInstant(Math.min(Math.max(toMs(at), toMs(start)), toMs(end)));

/** A moment as the picker takes it: `2026-11-24 14:05:00` on the wall of the zone. */
function wallText(at: string, zone: Zone): string {
  const { year, month, day, hour, minute } = wallOf(toMs(at), zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:00`;
}

function instantOf(text: string, zone: Zone): string {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = text.split(/\D/).map(Number);
  return toInstant(atWall({ year, month, day, hour, minute }, zone));
}
