import { describe, expect, it } from 'vitest';
import { bridgeDouble, JsonText, serveBridge } from '../../../contract/bridge.ts';
import { defaultSettings } from '../../../contract/settings.ts';

const window = { page: 'window', viewingId: null } as const;
const player = { page: 'player', viewingId: 'v1' } as const;

describe('the bridge denies first', () => {
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'ok',
      (error) => error.failure.code,
    );

  it('a call that is not in the contract, that nobody serves, or that belongs to another page', async () => {
    const { bridge } = bridgeDouble(player, { 'account.signOut': () => ({ state: 'starting' }) });
    expect(await code(bridge.call('account.signOut'))).toBe('FORBIDDEN_CALL');
    expect(await code(bridge.call('settings.get'))).toBe('FORBIDDEN_CALL');
    expect(await code(bridge.call('__proto__' as 'settings.get'))).toBe('FORBIDDEN_CALL');
    expect(await code(bridge.call('toString' as 'settings.get'))).toBe('FORBIDDEN_CALL');
  });

  it('input that does not fit, before any handler hears of it', async () => {
    let heard = 0;
    const { bridge } = bridgeDouble(window, {
      'app.copy': () => {
        heard += 1;
        return {};
      },
    });
    expect(await code(bridge.call('app.copy', { text: 7 as unknown as string }))).toBe('INVALID_INPUT');
    expect(await code(bridge.call('app.copy', { text: 'x'.repeat(10_001) }))).toBe('INVALID_INPUT');
    expect(heard).toBe(0);
  });

  it('fields that the contract does not name never leave main', async () => {
    const { bridge } = bridgeDouble(window, { 'settings.get': () => ({ ...defaultSettings, token: 'secret' }) });
    expect(await bridge.call('settings.get')).toEqual(defaultSettings);
  });

  it('events reach only the pages they are for', async () => {
    const { bridge, main } = bridgeDouble(player, {});
    const heard: string[] = [];
    bridge.on('account', () => heard.push('account'));
    bridge.on('settings', () => heard.push('settings'));
    main.publish('account', { state: 'starting' });
    main.publish('settings', defaultSettings);
    await new Promise((resolve) => setTimeout(resolve));
    expect(heard).toEqual(['settings']);
  });
});

it('passes JSON text on and hands the page its value', async () => {
  const page = { items: [], nextCursor: null, total: 0, from: 'archive' as const, asOf: '2026-11-24T10:00:00.000Z' };
  const { bridge } = bridgeDouble(window, { 'sessions.page': () => new JsonText<typeof page>(JSON.stringify(page)) });
  expect(await bridge.call('sessions.page', {})).toEqual(page);
});

it('an error that nobody foresaw leaves as a reference, not as its message', async () => {
  const sent: unknown[] = [];
  let ask: (message: unknown) => void = () => undefined;
  const port = {
    send: (message: unknown) => sent.push(message),
    receive(listener: typeof ask) {
      ask = listener;
      return () => undefined;
    },
  };
  const handlers = {
    'settings.get': () => {
      throw new Error('the password is hunter2');
    },
  };
  serveBridge(port, window, handlers, () => 'ab12');
  ask({ id: 1, call: 'settings.get', input: {} });
  ask('not a message');
  await new Promise((resolve) => setTimeout(resolve));
  expect(sent).toEqual([{ id: 1, answer: { ok: false, failure: { code: 'INTERNAL', data: { reference: 'ab12' } } } }]);
});
