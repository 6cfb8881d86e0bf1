import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../../contract/request.ts';
import { toInstant } from '../../../contract/time.ts';
import { en } from '../../../main/shell/texts/en.ts';
import { ptBR } from '../../../main/shell/texts/pt-BR.ts';
import { nextWordsMs, type TrayItem, type TrayState, trayModel } from '../../../main/shell/tray-model.ts';
import { hourMs, noonMs, sampleRequest } from '../../support/samples.ts';

const minute = 60_000;
const state = (more: Partial<TrayState> = {}): TrayState => ({
  signedIn: true,
  waiting: [],
  revocable: [],
  settings: { noticesPausedUntil: null },
  ...more,
});
const waiting = (count: number): AccessRequest[] => Array.from({ length: count }, (_, number) => sampleRequest(number));
const actions = (items: readonly TrayItem[]): unknown[] =>
  items.flatMap((item) => (item.item === 'action' ? [item.action] : item.item === 'menu' ? actions(item.items) : []));

describe('the tray', () => {
  it('counts what waits and names the first five, each to approve, reject or open', () => {
    const { count, tooltip, items } = trayModel(state({ waiting: waiting(7) }), en, noonMs);
    expect(count).toBe(7);
    expect(tooltip).toBe('Oversight: 7 requests wait for you');
    const menus = items.filter((item) => item.item === 'menu' && item.label.startsWith('Otto Ther'));
    expect(menus).toHaveLength(5);
    expect(menus[0]).toMatchObject({ label: 'Otto Ther · S-000000 on srv-0 · 1 h 00 min left' });
    expect(actions(menus.slice(0, 1))).toEqual(
      (['approve', 'reject', 'open'] as const).map((intent) => ({ do: 'decide', requestId: 'R-000000', intent })),
    );
    expect(items).toContainEqual({ item: 'action', label: '2 more…', action: { do: 'show-approvals' } });
  });

  it('offers to revoke what is open, by way of its window', () => {
    const open = sampleRequest(1, { state: { status: 'approved', at: toInstant(noonMs) } });
    const { items } = trayModel(state({ revocable: [open] }), en, noonMs + hourMs);
    expect(items).toContainEqual({
      item: 'action',
      label: 'Revoke Otto Ther · S-000001 · 1 h 00 min left…',
      action: { do: 'decide', requestId: open.id, intent: 'open' },
    });
  });

  it('never acts by itself: every action shows something, pauses, or quits', () => {
    const all = actions(trayModel(state({ waiting: waiting(9), revocable: waiting(3) }), en, noonMs).items);
    expect(new Set(all.map((action) => (action as { do: string }).do))).toEqual(
      new Set(['decide', 'show-approvals', 'show', 'settings', 'pause', 'quit']),
    );
  });

  it('offers to pause, and to resume once paused', () => {
    expect(actions(trayModel(state(), en, noonMs).items)).toContainEqual({ do: 'pause', until: 'tomorrow' });
    const paused = state({ settings: { noticesPausedUntil: toInstant(noonMs + hourMs) } });
    expect(actions(trayModel(paused, en, noonMs).items)).toContainEqual({ do: 'pause', until: 'now' });
    expect(actions(trayModel(paused, en, noonMs + hourMs).items)).toContainEqual({ do: 'pause', until: 'hour' });
  });

  it('says nothing of requests while nobody is signed in', () => {
    const { count, items } = trayModel(state({ signedIn: false, waiting: waiting(3) }), ptBR, noonMs);
    expect(count).toBe(0);
    expect(items[0]).toEqual({ item: 'text', label: 'Ninguém está conectado' });
  });

  it('draws anew when a minute is over, and only while something counts down', () => {
    expect(nextWordsMs(state(), noonMs)).toBeNull();
    // An hour that was given a moment ago is an hour, by clocks that agree to a second.
    const words = noonMs + minute - 1_000;
    expect(nextWordsMs(state({ waiting: waiting(1) }), noonMs + 20_000)).toBe(words);
    const label = (nowMs: number) => JSON.stringify(trayModel(state({ waiting: waiting(1) }), en, nowMs));
    expect(label(noonMs - 999)).toBe(label(noonMs));
    expect(label(noonMs + 20_000)).toBe(label(words - 1));
    expect(label(words)).not.toBe(label(words - 1));
    // The last moment is the end itself.
    expect(nextWordsMs(state({ waiting: waiting(1) }), noonMs + hourMs - 500)).toBe(noonMs + hourMs);
  });
});
