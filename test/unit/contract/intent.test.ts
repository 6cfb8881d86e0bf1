import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Intent, parseIntent } from '../../../contract/intent.ts';
import { createLinks, linkOf } from '../../../main/shell/links.ts';
import { hostileLinks } from '../../support/hostile-links.ts';

describe('a link', () => {
  it.each([
    ['oversight://sessions', { go: 'sessions' }],
    ['oversight://sessions/4f1aa', { go: 'session', id: '4f1aa' }],
    ['oversight://requests/R-17', { go: 'request', id: 'R-17' }],
    ['oversight://requests', { go: 'my-requests' }],
    ['oversight://approvals/R-17/', { go: 'approvals', requestId: 'R-17' }],
    ['oversight://history', { go: 'history' }],
    ['oversight://settings', { go: 'settings' }],
  ])('%s chooses what is shown', (link, intent) => expect(parseIntent(link)).toEqual(intent));

  it('is never anything else: 200 hostile ones mean nothing', () => {
    expect(hostileLinks.length).toBeGreaterThanOrEqual(200);
    expect(hostileLinks.filter((link) => parseIntent(link) !== null)).toEqual([]);
  });

  it('can only name screens and ids, whatever it is', () => {
    const showing = ['sessions', 'session', 'request', 'my-requests', 'approvals', 'history', 'settings'];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `oversight://${text}`),
        ),
        (text) => {
          const intent = parseIntent(text);
          if (intent === null) return;
          expect(showing).toContain(Intent.parse(intent).go);
          expect(JSON.stringify(intent)).toMatch(/^[\w":{},-]+$/);
        },
      ),
    );
  });
});

describe('a command line', () => {
  it('is looked at for exactly one link, and for nothing else', () => {
    expect(linkOf(['--gateway=https://evil.example', 'oversight://settings', '--inspect'])).toBe('oversight://settings');
    expect(linkOf(['oversight://settings', 'oversight://sessions'])).toBeNull();
    expect(linkOf(['--', '/etc/passwd', 'https://oversight'])).toBeNull();
  });
});

describe('following', () => {
  function links(signedIn: boolean) {
    const done: string[] = [];
    const state = { signedIn };
    const made = createLinks({
      signedIn: () => state.signedIn,
      showWindow: () => done.push('window'),
      publish: (intent) => done.push(JSON.stringify(intent)),
      async showRequest(id) {
        done.push(`request ${id}`);
        return null;
      },
      report: (error) => {
        throw error;
      },
    });
    return { made, done, state };
  }

  it('has no effect but focus for 200 hostile links and command lines', () => {
    const { made, done } = links(true);
    for (const link of hostileLinks) made.open(linkOf(['--no-sandbox', link, '--remote-debugging-port=1']));
    expect(new Set(done)).toEqual(new Set(['window']));
  });

  it('waits for somebody to sign in, and then goes where the newest link leads, once', async () => {
    const { made, done, state } = links(false);
    made.open('oversight://sessions');
    made.open('oversight://requests/R-1');
    expect(done).toEqual(['window', 'window']);
    expect(await made.next()).toBeNull();
    state.signedIn = true;
    expect(await made.next()).toBeNull();
    expect(done).toEqual(['window', 'window', 'request R-1']);
    expect(await made.next()).toBeNull();
    expect(done).toHaveLength(3);
  });
});
