import { Alert, Button, Modal, NativeSelect, Skeleton, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { Failure } from '../../../contract/failure.ts';
import type { AccessRequest, Draft, NewRequest, Policy } from '../../../contract/request.ts';
import { toMs } from '../../../contract/time.ts';
import { refusals } from '../../../contract/unsent.ts';
import { call } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { type Asking, stopAsking, useAsking } from '../../store/justification.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { usePolicy } from '../../store/policy.ts';
import { go } from '../../store/route.ts';
import { spokenIn } from '../../store/spoken.ts';
import { gatewayNow, useGatewayNow, useTimes } from '../../store/time.ts';
import { parseTyped } from '../../store/typed-time.ts';
import { useWriteTyped } from '../../store/use-typed.ts';
import { useZone } from '../../store/use-zone.ts';
import type { Zone } from '../../store/zone.ts';
import { useFailureText } from '../../ui/Failure.tsx';
import type { Say } from '../../ui/failure-text.ts';
import { TimeField } from '../../ui/TimeField.tsx';
import {
  draftOf,
  errorsOf,
  type FieldError,
  type FieldErrors,
  type FieldName,
  type Fields,
  fieldNames,
  fieldsOf,
  type GivenTime,
  givenSpan,
  requestOf,
} from './form.ts';
import classes from './Justification.module.css';
import { PreflightText } from './PreflightText.tsx';
import { usePreflight } from './use-preflight.ts';
import { beginsNow, presetsWithin, type Span } from './window.ts';

const draftMs = 300;

/** The Justification dialog: there once, open while somebody is asked for. */
export function Justification() {
  const { t } = useTranslation();
  const ask = useAsking(({ asking }) => asking);
  // Read while drawing: by the time of an effect the dialog has the focus already.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
      });
    },
    [before],
  );
  return (
    <Modal
      opened={ask !== null}
      onClose={stopAsking}
      title={t('justification.title')}
      size={560}
      yOffset="3dvh"
      centered
      classNames={{ content: classes.content, header: classes.header, title: classes.title, body: classes.body }}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('justification.close') }}
    >
      {ask && <Opened key={`${ask.session.id} ${ask.kind}`} ask={ask} />}
    </Modal>
  );
}

/** What is there when the dialog opens: the rules, and what was typed before. */
function Opened({ ask }: { ask: Asking }) {
  const policy = usePolicy();
  const [kept, setKept] = useState<{ draft: Draft | null } | null>(null);
  const { kind } = ask;
  const sessionId = ask.session.id;

  useEffect(() => void usePolicy.load(), []);
  useEffect(() => {
    let isOpen = true;
    call('drafts.get', { sessionId, kind }).then(
      (answer) => isOpen && setKept(answer),
      // Without its draft the dialog is empty, and works.
      () => isOpen && setKept({ draft: null }),
    );
    return () => {
      isOpen = false;
    };
  }, [sessionId, kind]);

  return (
    <>
      <About ask={ask} />
      {policy.state === 'ready' && kept ? (
        <Form ask={ask} policy={policy.value} draft={kept.draft} />
      ) : policy.state === 'failed' ? (
        <Trouble failure={policy.failure} lead={null} />
      ) : (
        <Stack gap="md" aria-busy="true">
          <Skeleton height={78} />
          <Skeleton height={34} />
          <Skeleton height={34} />
          <Skeleton height={76} />
        </Stack>
      )}
    </>
  );
}

function About({ ask: { kind, session } }: { ask: Asking }) {
  const { t } = useTranslation();
  const { length } = useTimes();
  return (
    <p className={classes.about}>
      <Trans
        i18nKey="justification.about"
        components={{ code: <code /> }}
        values={{
          kind: t(`justification.kind.${kind}`),
          id: session.id,
          user: session.user,
          credential: session.credential,
          device: session.device,
          protocol: session.protocol,
          duration: session.durationMs === null ? t('justification.running') : length(session.durationMs),
        }}
      />
    </p>
  );
}

function Form({ ask, policy, draft }: { ask: Asking; policy: Policy; draft: Draft | null }) {
  const { t, i18n } = useTranslation();
  const { length } = useTimes();
  const zone = useZone();
  const nowMs = useGatewayNow('half-minute');
  const { kind, prefill } = ask;
  const sessionId = ask.session.id;

  const [key, setKey] = useState(() => draft?.key ?? crypto.randomUUID());
  const [fields, setFields] = useState<Fields>(() => fieldsOf(draft ?? prefill, policy, nowMs, zone));
  const [isRestored, setIsRestored] = useState(draft !== null);
  const [touched, setTouched] = useState<ReadonlySet<FieldName>>(new Set());
  const [attempted, setAttempted] = useState(false);
  const [sending, setSending] = useState<'no' | 'sending' | { failure: Failure }>('no');
  const sent = useRef<{ fields: Fields; request: NewRequest } | null>(null);
  const isSending = useRef(false);
  const inputs = useRef<Partial<Record<FieldName, HTMLElement | null>>>({});

  // The fields come after the dialog, which has given the focus to what was there.
  useEffect(() => inputs.current.justification?.focus(), []);

  const span = givenSpan(fields, nowMs, zone, policy.maxWindowMs);
  const errors = errorsOf(fields, span, policy, nowMs);
  const shown: FieldErrors = Object.fromEntries(
    Object.entries(errors).filter(([name]) => attempted || touched.has(name as FieldName)),
  );
  const keep = useDraft({ sessionId, kind, key }, fields, { zone, maxWindowMs: policy.maxWindowMs });
  const inputOf = (name: FieldName) => (element: HTMLElement | null) => {
    inputs.current[name] = element;
  };

  const startsNow = fields.times.by === 'preset' ? beginsNow(fields.times.preset) : (span.startMs ?? 0) <= nowMs;
  const windowKey =
    errors.start || errors.end ? null : fields.times.by === 'preset' ? fields.times.preset : `${span.startMs} ${span.endMs}`;
  const ahead = usePreflight(
    sessionId,
    kind,
    windowKey,
    () => wholeSpan(givenSpan(fields, gatewayNow(), zone, policy.maxWindowMs)),
    gatewayNow,
  );
  const live = useConnection();
  const isOffline = live.state === 'ready' && live.value.state === 'offline';
  const isRefused = !isOffline && ahead.name === 'known' && ahead.preflight.problem !== null;

  const change = (part: Partial<Fields>): void => {
    setFields((before) => ({ ...before, ...part }));
    if (typeof sending === 'object') setSending('no');
  };
  const touch = (name: FieldName): void => setTouched((before) => new Set(before).add(name));

  const write = useWriteTyped();
  const byHand = (): { start: GivenTime; end: GivenTime } =>
    fields.times.by === 'hand'
      ? fields.times
      : { start: { text: null, ms: span.startMs ?? nowMs }, end: { text: null, ms: span.endMs ?? nowMs } };
  const timeField = (name: 'start' | 'end') => {
    const given = byHand()[name];
    const give = (time: GivenTime): void => change({ times: { by: 'hand', ...byHand(), [name]: time } });
    return {
      label: t(`justification.${name}`),
      value: given.text ?? write(given.ms),
      momentMs: given.ms,
      nowMs,
      zone,
      notBeforeMs: nowMs,
      required: true,
      error: sentence(shown[name]),
      inputRef: inputOf(name),
      onType: (text: string) =>
        give({ text, ms: parseTyped(text, nowMs, zone, name === 'end' ? (span.startMs ?? nowMs) : nowMs) }),
      onPick: (ms: number) => give({ text: null, ms }),
      onBlur: () => {
        if (fields.times.by === 'preset' || given.text === null) return;
        touch(name);
        if (given.ms !== null) give({ text: null, ms: given.ms });
      },
    };
  };

  const sentence = (error: FieldError | undefined): string | undefined => {
    if (!error) return undefined;
    const { label, pattern } = policy.governanceCode;
    switch (error.problem) {
      case 'justificationShort':
        return t('justification.error.justificationShort', { count: error.count });
      case 'codeRequired':
        return t('justification.error.codeRequired', { label });
      case 'codeInvalid':
        return t('justification.error.codeInvalid', { label, pattern });
      case 'tooFarAhead':
      case 'tooLong':
        return t(`justification.error.${error.problem}`, { max: length(error.maxMs ?? 0) });
      default:
        return t(`justification.error.${error.problem}`);
    }
  };

  const save = async (): Promise<void> => {
    if (isSending.current || isRefused) return;
    setAttempted(true);
    const now = gatewayNow();
    const window = givenSpan(fields, now, zone, policy.maxWindowMs);
    const wrong = errorsOf(fields, window, policy, now);
    const first = fieldNames.find((name) => wrong[name]);
    if (first) {
      inputs.current[first]?.focus();
      return;
    }
    isSending.current = true;
    setSending('sending');
    keep.stop();
    // The same words under the same key are the same request, even if the first answer was lost.
    const again = sent.current?.fields === fields && toMs(sent.current.request.window.end) > now ? sent.current.request : null;
    const request = again ?? requestOf({ sessionId, kind, key }, fields, wholeSpan(window), now);
    sent.current = { fields, request };
    try {
      if (isOffline) {
        await call('drafts.keep', { draft: draftOf({ sessionId, kind, key }, fields, window), session: ask.session });
        keep.forget(fields);
        notify(t('justification.kept'));
        return stopAsking();
      }
      const created = await call('requests.create', request);
      keep.forget(fields);
      notify(
        confirmation(created, i18n.language, t as unknown as Say, spokenIn(i18n.language, zone, gatewayNow()), gatewayNow()),
      );
      stopAsking();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'KEY_REUSED') setKey(crypto.randomUUID());
      setSending({ failure });
    } finally {
      isSending.current = false;
    }
  };

  const discard = (): void => {
    const fresh = fieldsOf(prefill, policy, gatewayNow(), zone);
    keep.forget(fresh);
    void call('drafts.drop', { sessionId, kind });
    setKey(crypto.randomUUID());
    setFields(fresh);
    setIsRestored(false);
    setAttempted(false);
    setTouched(new Set());
    setSending('no');
    inputs.current.justification?.focus();
  };

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void save();
  };

  const { label: codeLabel, required: codeRequired } = policy.governanceCode;
  const spoken = useMemo(() => spokenIn(i18n.language, zone, nowMs), [i18n.language, zone, nowMs]);
  return (
    <form className={classes.form} noValidate onSubmit={onSubmit} onKeyDown={onKeyDown}>
      {isRestored && (
        <div className={classes.draft}>
          {t('justification.draft')}
          <Button variant="subtle" size="compact-sm" onClick={discard}>
            {t('justification.discard')}
          </Button>
        </div>
      )}
      <Textarea
        ref={inputOf('justification')}
        label={t('justification.justification')}
        placeholder={t('justification.justificationHint')}
        required
        withAsterisk={false}
        autosize
        minRows={3}
        maxRows={6}
        maxLength={4000}
        data-autofocus
        value={fields.justification}
        error={sentence(shown.justification)}
        onChange={(event) => change({ justification: event.currentTarget.value })}
      />
      <div className={classes.pair}>
        <NativeSelect
          ref={inputOf('reasonId')}
          label={t('justification.reason')}
          required
          withAsterisk={false}
          value={fields.reasonId}
          error={sentence(shown.reasonId)}
          data={[
            { value: '', label: t('justification.choose'), disabled: true },
            ...policy.reasons.map((reason) => ({ value: reason.id, label: reason.label })),
          ]}
          onChange={(event) => change({ reasonId: event.currentTarget.value })}
        />
        <TextInput
          ref={inputOf('governanceCode')}
          className={classes.code}
          label={
            <>
              {codeLabel} {!codeRequired && <span className={classes.optional}>{t('justification.optional')}</span>}
            </>
          }
          aria-label={codeLabel}
          required={codeRequired}
          withAsterisk={false}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          value={fields.governanceCode}
          error={sentence(shown.governanceCode)}
          onBlur={() => fields.governanceCode.trim() !== '' && touch('governanceCode')}
          onChange={(event) => change({ governanceCode: event.currentTarget.value })}
        />
      </div>
      <div className={classes.times}>
        <div className={classes.pair}>
          <TimeField {...timeField('start')} />
          <TimeField {...timeField('end')} />
        </div>
        <div className={classes.presets} role="toolbar" aria-label={t('justification.presets')}>
          {presetsWithin(policy.maxWindowMs).map((preset) => (
            <button
              key={preset}
              type="button"
              className={classes.preset}
              aria-pressed={fields.times.by === 'preset' && fields.times.preset === preset}
              onClick={() => change({ times: { by: 'preset', preset } })}
            >
              {t(`justification.preset.${preset}`)}
            </button>
          ))}
        </div>
      </div>
      <PreflightText
        ahead={isOffline ? { name: 'offline' } : ahead}
        nowMs={nowMs}
        startsNow={startsNow}
        endMs={span.endMs}
        spoken={spoken}
      />
      {typeof sending === 'object' && (
        <Trouble
          failure={sending.failure}
          lead={t(refusals.has(sending.failure.code) ? 'justification.notSent' : 'justification.maybeSent')}
        />
      )}
      <div className={classes.foot}>
        <Button variant="default" onClick={stopAsking}>
          {t('justification.cancel')}
        </Button>
        <Button type="submit" loading={sending === 'sending'} disabled={isRefused}>
          {t(isOffline ? 'justification.keep' : 'justification.save')}
        </Button>
      </div>
    </form>
  );
}

function Trouble({ failure, lead }: { failure: Failure; lead: string | null }) {
  const { t } = useTranslation();
  const { what, todo } = useFailureText(failure);
  return (
    <Alert color="red" variant="light" role="alert" title={what}>
      {todo} {lead}
      {(failure.code === 'ALREADY_ASKED' || failure.code === 'KEY_REUSED') && failure.data.requestId !== undefined && (
        <Button
          mt="xs"
          size="compact-sm"
          variant="default"
          onClick={() => {
            stopAsking();
            go({ name: 'my-requests', requestId: failure.data.requestId });
          }}
        >
          {t('justification.showRequest')}
        </Button>
      )}
    </Alert>
  );
}

/** Keeps the draft while one types and when the dialog closes. `forget` is for what was sent or thrown away. */
function useDraft(
  { sessionId, kind, key }: { sessionId: string; kind: Asking['kind']; key: string },
  fields: Fields,
  { zone, maxWindowMs }: { zone: Zone; maxWindowMs: number },
) {
  const first = useRef(fields);
  const write = useRef<(() => void) | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (fields === first.current) return;
    write.current = () => {
      write.current = null;
      // A draft that cannot be kept is no reason to stop typing: main says what is wrong with the storage.
      call('drafts.put', draftOf({ sessionId, kind, key }, fields, givenSpan(fields, gatewayNow(), zone, maxWindowMs))).catch(
        () => {},
      );
    };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => write.current?.(), draftMs);
  }, [sessionId, kind, key, fields, zone, maxWindowMs]);

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      write.current?.();
    },
    [],
  );

  return {
    /** Writes what waits to be written at once, and nothing later. */
    stop() {
      clearTimeout(timer.current);
      write.current?.();
    },
    forget(untouched: Fields) {
      clearTimeout(timer.current);
      first.current = untouched;
      write.current = null;
    },
  };
}

/** What a person is told after Save: to whom it went, and when each clock ends. */
function confirmation(
  request: AccessRequest,
  language: string,
  t: Say,
  spoken: ReturnType<typeof spokenIn>,
  nowMs: number,
): string {
  const groups = new Intl.ListFormat(language, { type: 'conjunction' }).format(request.levels.map((level) => level.group.name));
  const times = { groups, deadline: spoken.at(toMs(request.deadline)), until: spoken.at(toMs(request.window.end)) };
  return toMs(request.window.start) <= nowMs
    ? t('justification.sent', times)
    : t('justification.sentLater', { ...times, from: spoken.at(toMs(request.window.start)) });
}

function wholeSpan({ startMs, endMs }: { startMs: number | null; endMs: number | null }): Span {
  if (startMs === null || endMs === null) throw new Error('a window with errors is never asked about');
  return { startMs, endMs };
}
