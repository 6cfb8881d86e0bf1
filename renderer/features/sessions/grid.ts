import type { SessionSort } from '../../../contract/session.ts';
import { type SessionColumn, sessionColumns } from '../../../contract/settings.ts';

export const actionsWidth = 42;

type Look = { least: number; share: number; mono?: true; sort?: SessionSort['by'] };

/** How wide each column is at least (px), its share of what is left, and what its header sorts by. */
export const looks: Record<SessionColumn, Look> = {
  id: { least: 68, share: 0.6, mono: true },
  user: { least: 74, share: 0.9, sort: 'user' },
  credential: { least: 110, share: 1, mono: true, sort: 'credential' },
  device: { least: 92, share: 1, sort: 'device' },
  protocol: { least: 74, share: 0.4 },
  originIp: { least: 94, share: 0.5, mono: true },
  proxy: { least: 100, share: 0.8 },
  startedAt: { least: 118, share: 0.8, sort: 'startedAt' },
  duration: { least: 76, share: 0.3, mono: true, sort: 'durationMs' },
  state: { least: 98, share: 0.4 },
  access: { least: 150, share: 1 },
  reason: { least: 130, share: 1.2 },
  justification: { least: 160, share: 1.6 },
};

/** The chosen columns in their one order. */
export function inOrder(chosen: readonly SessionColumn[]): readonly SessionColumn[] {
  return sessionColumns.filter((column) => chosen.includes(column));
}

/** The columns after one was shown or hidden; the last one stays. */
export function toggled(chosen: readonly SessionColumn[], column: SessionColumn): SessionColumn[] {
  const next = chosen.includes(column) ? chosen.filter((other) => other !== column) : [...chosen, column];
  return [...inOrder(next.length === 0 ? chosen : next)];
}

/** CSS `grid-template-columns` and the least width (px) of a row. The actions come last. */
export function tracks(columns: readonly SessionColumn[]): { template: string; least: number } {
  const each = columns.map((column) => looks[column]);
  return {
    template: [...each.map(({ least, share }) => `minmax(${least}px, ${share}fr)`), `${actionsWidth}px`].join(' '),
    least: each.reduce((sum, { least }) => sum + least, actionsWidth),
  };
}
