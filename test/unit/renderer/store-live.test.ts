import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Handlers } from '../../../contract/bridge.ts';
import type { Connection } from '../../../contract/events.ts';
import type { Account } from '../../../contract/identity.ts';
import { defaultSettings } from '../../../contract/settings.ts';

const signedOut: Account = {
  state: 'signed-out',
  keychain: 'ok',
  remembered: [],
  suggestedGateway: '',
  why: 'signed-out',
  unsentMs: 0,
};
const online: Connection = {
  state: 'online',
  offsetMs: 3_600_000,
  gatewayZoneMinutes: -180,
  synchronisedAt: '2026-11-24T17:00:00.000Z',
};

/** The page's stores over the double of the bridge, fresh for each test. */
async function storesOver(handlers: Partial<Handlers>) {
  vi.resetModules();
  vi.stubGlobal('window', { addEventListener: () => {}, postMessage: () => {}, location: { origin: '' } });
  vi.stubGlobal('document', { hidden: false, addEventListener: () => {} });
  const { bridgeDouble } = await import('../../../contract/bridge.ts');
  const { connect } = await import('../../../renderer/store/bridge.ts');
  const { bridge, main } = bridgeDouble({ page: 'window', viewingId: null }, handlers);
  connect(bridge);
  return {
    main,
    import: {
      account: await import('../../../renderer/store/account.ts'),
      settings: await import('../../../renderer/store/settings.ts'),
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => vi.useRealTimers());
afterEach(() => vi.unstubAllGlobals());

describe('a store fed by a call and an event', () => {
  it('waits, then has the answer', async () => {
    const stores = await storesOver({ 'account.get': () => signedOut });
    const { useAccount } = stores.import.account;
    expect(useAccount.getState()).toEqual({ state: 'waiting' });
    await useAccount.load();
    expect(useAccount.getState()).toEqual({ state: 'ready', value: signedOut });
  });

  it('keeps the event that came while the answer was on its way', async () => {
    let answer: (value: Account) => void = () => {};
    const stores = await storesOver({ 'account.get': () => new Promise((resolve) => (answer = resolve)) });
    const { useAccount } = stores.import.account;
    const loaded = useAccount.load();
    await settle();
    stores.main.publish('account', { ...signedOut, why: 'sign-in-ended' });
    await settle();
    answer(signedOut);
    await loaded;
    expect(useAccount.getState()).toMatchObject({ state: 'ready', value: { why: 'sign-in-ended' } });
  });

  it('has the failure as a value, and recovers by an event', async () => {
    const stores = await storesOver({
      'account.get': async () => (await import('../../../contract/failure.ts')).fail('GATEWAY_FAILED', { status: 500 }),
    });
    const { useAccount } = stores.import.account;
    await useAccount.load();
    expect(useAccount.getState()).toEqual({ state: 'failed', failure: { code: 'GATEWAY_FAILED', data: { status: 500 } } });
    stores.main.publish('account', signedOut);
    await settle();
    expect(useAccount.getState()).toMatchObject({ state: 'ready' });
  });
});

describe('settings', () => {
  it('are what main says they became', async () => {
    const stores = await storesOver({ 'settings.change': (change) => ({ ...defaultSettings, ...change, version: 3 }) });
    const { changeSettings, useSettingsStore } = stores.import.settings;
    await changeSettings({ theme: 'dark' });
    expect(useSettingsStore.getState()).toMatchObject({ state: 'ready', value: { theme: 'dark' } });
  });
});

describe('viewings', () => {
  it('are what main says they are; whoever watches one that is closed goes back to the sessions', async () => {
    const stores = await storesOver({ 'viewings.open': () => ({ viewingId: 'v1' }) });
    const { watch, useViewings } = await import('../../../renderer/store/watch.ts');
    const { useRoute } = await import('../../../renderer/store/route.ts');
    const viewing = { viewingId: 'v1', sessionId: '4f1aa', kind: 'recording' as const, frame: 'main' as const, end: null };
    stores.main.publish('viewings', { viewings: [viewing] });
    await watch('4f1aa', 'recording');
    expect(useRoute.getState().route).toEqual({ name: 'watch', viewingId: 'v1', sessionId: '4f1aa', kind: 'recording' });
    const end = { why: 'revoked' as const, at: '2026-11-24T17:00:00.000Z', by: 'Paulo Nunes', comment: 'Enough', failure: null };
    stores.main.publish('viewings', { viewings: [{ ...viewing, end }] });
    await settle();
    expect(useViewings.getState()).toMatchObject({ state: 'ready', value: { viewings: [{ end: { why: 'revoked' } }] } });
    expect(useRoute.getState().route.name).toBe('watch');
    stores.main.publish('viewings', { viewings: [] });
    await settle();
    expect(useRoute.getState().route.name).toBe('sessions');
  });

  it('one that has a window of its own is not gone to here', async () => {
    const stores = await storesOver({ 'viewings.open': () => ({ viewingId: 'v1' }) });
    const { watch } = await import('../../../renderer/store/watch.ts');
    const { useRoute } = await import('../../../renderer/store/route.ts');
    stores.main.publish('viewings', {
      viewings: [{ viewingId: 'v1', sessionId: '4f1aa', kind: 'recording', frame: 'own', end: null }],
    });
    await settle();
    await watch('4f1aa', 'recording');
    expect(useRoute.getState().route.name).toBe('sessions');
  });
});

describe('gateway time', () => {
  it('runs on when somebody sets this computer’s clock', async () => {
    const stores = await storesOver({});
    const { gatewayNow } = await import('../../../renderer/store/time.ts');
    const before = Date.now();
    stores.main.publish('connection', online);
    await settle();
    expect(Math.abs(gatewayNow() - (before + 3_600_000))).toBeLessThan(1_000);
    vi.useFakeTimers({ toFake: ['Date'], now: before + 86_400_000 });
    expect(Math.abs(gatewayNow() - (before + 3_600_000))).toBeLessThan(1_000);
  });

  it('is shown in the chosen zone', async () => {
    await storesOver({});
    const { zoneOf } = await import('../../../renderer/store/time.ts');
    expect([
      zoneOf('local', -180),
      zoneOf('utc', -180),
      zoneOf('gateway', -180),
      zoneOf('gateway', 330),
      zoneOf('gateway', 0),
    ]).toEqual([undefined, 'UTC', '-03:00', '+05:30', 'UTC']);
  });
});
