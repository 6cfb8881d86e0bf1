import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessRequest } from '../../../contract/request.ts';
import { toInstant, toMs, type Window } from '../../../contract/time.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { parseTyped } from '../../store/typed-time.ts';
import { useWriteTyped } from '../../store/use-typed.ts';
import { useZone } from '../../store/use-zone.ts';
import { TimeField } from '../../ui/TimeField.tsx';
import classes from './DecisionPanel.module.css';

type Field = { text: string; ms: number | null };
const minuteMs = 60_000;

/**
 * The window within what was asked for, typed or picked in the zone the person chose. `onChange` hears the window that holds together, or
 * null while it does not.
 */
export function Narrowing({
  request,
  narrowed,
  onChange,
}: {
  request: AccessRequest;
  narrowed: Window | null;
  onChange: (window: Window | null) => void;
}) {
  const { t } = useTranslation();
  const zone = useZone();
  const nowMs = useGatewayNow('half-minute');
  const times = useTimes();
  const write = useWriteTyped();
  const given = narrowed ?? request.window;
  const [start, setStart] = useState<Field>(() => ({ text: write(toMs(given.start)), ms: toMs(given.start) }));
  const [end, setEnd] = useState<Field>(() => ({ text: write(toMs(given.end)), ms: toMs(given.end) }));
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.select(), []);
  const [from, until] = [toMs(request.window.start), toMs(request.window.end)];

  function change(next: { start: Field; end: Field }) {
    setStart(next.start);
    setEnd(next.end);
    const [a, b] = [within(next.start.ms, from), within(next.end.ms, until)];
    const fits = a !== null && b !== null && a >= from && b <= until && a < b;
    onChange(fits ? { start: toInstant(a), end: toInstant(b) } : null);
  }
  const problem = (field: Field, edge: number): string | undefined => {
    const ms = within(field.ms, edge);
    if (ms === null) return t('requests.narrowing.unreadable');
    return ms < from || ms > until ? t('requests.narrowing.outside') : undefined;
  };
  const ends = within(end.ms, until);
  const starts = within(start.ms, from);
  const field = (name: 'start' | 'end') => {
    const [value, edge] = name === 'start' ? [start, from] : [end, until];
    const set = (next: Field) => change(name === 'start' ? { start: next, end } : { start, end: next });
    return (
      <TimeField
        label={t(`requests.${name}`)}
        value={value.text}
        momentMs={value.ms}
        nowMs={nowMs}
        zone={zone}
        notBeforeMs={from}
        error={
          problem(value, edge) ??
          (name === 'end' && starts !== null && ends !== null && ends <= starts
            ? t('failure.words.window.end-before-start')
            : undefined)
        }
        {...(name === 'start' && { inputRef: first })}
        onType={(text) => set({ text, ms: parseTyped(text, nowMs, zone, start.ms ?? nowMs) })}
        onPick={(ms) => set({ text: write(ms), ms })}
        onBlur={() => undefined}
      />
    );
  };
  return (
    <div>
      <div className={classes.window}>
        {field('start')}
        {field('end')}
      </div>
      <p className={classes.quiet}>
        {t('requests.narrowing.within', { span: times.span(request.window.start, request.window.end) })}
      </p>
    </div>
  );
}

/** What is typed has no seconds: within the minute of the edge it means the edge. */
function within(ms: number | null, edge: number): number | null {
  return ms !== null && Math.floor(ms / minuteMs) === Math.floor(edge / minuteMs) ? edge : ms;
}
