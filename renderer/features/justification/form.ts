import type { Draft, NewRequest, Policy } from '../../../contract/request.ts';
import type { Kind } from '../../../contract/session.ts';
import { toInstant } from '../../../contract/time.ts';
import type { Zone } from '../../store/zone.ts';
import { fromNow, type Preset, presetsWithin, problemOf, type Span, spanFrom, spanOf, type WindowProblem } from './window.ts';

/** An end of the window as a person gave it. `text` is there while it is being typed; `ms` (epoch) is null where the text is no time. */
export type GivenTime = { text: string; ms: number | null } | { text: null; ms: number };

/** What is in the dialog's fields. A preset goes along with the clock; what was given stands still. */
export type Fields = {
  justification: string;
  reasonId: string;
  governanceCode: string;
  times: { by: 'preset'; preset: Preset } | { by: 'hand'; start: GivenTime; end: GivenTime };
};

/** What is wrong with a field; the dialog has a sentence for each. */
export type FieldError =
  | { problem: 'justification' | 'reason' | 'codeRequired' | 'time' }
  | { problem: 'justificationShort'; count: number }
  | { problem: 'codeInvalid'; pattern: string }
  | { problem: WindowProblem['problem']; maxMs?: number };

/** The fields in the order in which they stand: the first with an error gets the focus. */
export const fieldNames = ['justification', 'reasonId', 'governanceCode', 'start', 'end'] as const;
export type FieldName = (typeof fieldNames)[number];
export type FieldErrors = Partial<Record<FieldName, FieldError>>;

/** The window of the fields: each end is a moment (epoch ms), or null where the text is no time. */
export type GivenSpan = { startMs: number | null; endMs: number | null };

/** The window that the fields stand for at `nowMs` (gateway time). */
export function givenSpan({ times }: Pick<Fields, 'times'>, nowMs: number, zone: Zone, maxWindowMs: number): GivenSpan {
  return times.by === 'preset'
    ? spanOf(times.preset, nowMs, zone, maxWindowMs)
    : { startMs: times.start.ms, endMs: times.end.ms };
}

/** Everything that keeps the fields from being sent, by the gateway's rules as far as the client can know them. */
export function errorsOf(fields: Fields, given: GivenSpan, policy: Policy, nowMs: number): FieldErrors {
  const errors: FieldErrors = {};
  const justification = fields.justification.trim();
  if (justification === '') errors.justification = { problem: 'justification' };
  else if (justification.length < policy.minJustificationLength) {
    errors.justification = { problem: 'justificationShort', count: policy.minJustificationLength };
  }
  if (!policy.reasons.some((reason) => reason.id === fields.reasonId)) errors.reasonId = { problem: 'reason' };

  const { required, pattern } = policy.governanceCode;
  const code = fields.governanceCode.trim();
  if (code === '' && required) errors.governanceCode = { problem: 'codeRequired' };
  if (code !== '' && pattern !== null && !matches(code, pattern)) errors.governanceCode = { problem: 'codeInvalid', pattern };

  if (given.startMs === null) errors.start = { problem: 'time' };
  if (given.endMs === null) errors.end = { problem: 'time' };
  if (given.startMs !== null && given.endMs !== null) {
    const wrong = problemOf({ startMs: given.startMs, endMs: given.endMs }, nowMs, policy);
    if (wrong)
      errors[wrong.field] = 'maxMs' in wrong ? { problem: wrong.problem, maxMs: wrong.maxMs } : { problem: wrong.problem };
  }
  return errors;
}

/** Whether the whole code has the form. A pattern that is no regular expression refuses nothing here: the gateway decides. */
function matches(code: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(code);
  } catch {
    return true;
  }
}

/** What Save sends. The window begins now at the earliest. */
export function requestOf(
  about: { sessionId: string; kind: Kind; key: string },
  fields: Fields,
  span: Span,
  nowMs: number,
): NewRequest {
  const { startMs, endMs } = fromNow(span, nowMs);
  const code = fields.governanceCode.trim();
  return {
    ...about,
    justification: fields.justification.trim(),
    reasonId: fields.reasonId,
    governanceCode: code === '' ? null : code,
    window: { start: toInstant(startMs), end: toInstant(endMs) },
  };
}

/** The draft that is kept while one types. */
export function draftOf(about: { sessionId: string; kind: Kind; key: string }, fields: Fields, given: GivenSpan): Draft {
  return {
    ...about,
    justification: fields.justification,
    reasonId: fields.reasonId === '' ? null : fields.reasonId,
    governanceCode: fields.governanceCode,
    start: given.startMs === null ? null : toInstant(given.startMs),
    end: given.endMs === null ? null : toInstant(given.endMs),
  };
}

/**
 * The fields that a draft or an earlier request fills. Its window is taken over while it can still be asked for; else
 * it is the usual preset.
 */
export function fieldsOf(from: Partial<Draft>, policy: Policy, nowMs: number, zone: Zone): Fields {
  const span = spanFrom(from.start ?? null, from.end ?? null, nowMs);
  return {
    justification: from.justification ?? '',
    reasonId: policy.reasons.some((reason) => reason.id === from.reasonId) ? (from.reasonId ?? '') : '',
    governanceCode: from.governanceCode ?? '',
    times: span
      ? { by: 'hand', start: { text: null, ms: fromNow(span, nowMs).startMs }, end: { text: null, ms: span.endMs } }
      : { by: 'preset', preset: firstPreset(policy, nowMs, zone) },
  };
}

/** "Now, 2 h" where the gateway allows it. */
function firstPreset(policy: Policy, nowMs: number, zone: Zone): Preset {
  const usable = presetsWithin(policy.maxWindowMs).filter(
    (preset) => problemOf(spanOf(preset, nowMs, zone, policy.maxWindowMs), nowMs, policy) === null,
  );
  return usable.find((preset) => preset === 'now-2h') ?? usable[0] ?? 'now-1h';
}
