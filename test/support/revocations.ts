import { setTimeout as pause } from 'node:timers/promises';
import type { Kind } from '../../contract/session.ts';
import type { Gateway } from '../../main/gateway/client.ts';
import type { App } from './app.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { untilItPlays } from './main-job.ts';
import { grant } from './people.ts';
import { until } from './processes.ts';
import { endSaid, leaveBy, watch } from './viewings.ts';

export type Revoked = {
  kind: Kind;
  /** From the moment at which the gateway was asked to revoke until the page had no picture. */
  blankMs: number;
  /** Answers with media that were still coming after the gateway had said that it is revoked. */
  late: number;
};

/**
 * Has the person in `app` watch what was granted, live and recorded in turn, and revokes it at a random moment, again and again. The
 * app reaches the gateway through `proxy`, which sees every byte.
 */
export async function revokeAgainAndAgain(
  rounds: number,
  roles: {
    app: App;
    proxy: FaultProxy;
    asker: Gateway;
    approver: Gateway;
    sessions: Record<Kind, string>;
  },
): Promise<Revoked[]> {
  const { app, proxy, asker, approver, sessions } = roles;
  const revoked: Revoked[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const kind = round % 2 === 0 ? 'recording' : 'livestream';
    const sessionId = sessions[kind];
    const granted = await grant(asker, approver, { sessionId, kind, windowMs: 600_000 });
    const player = await watch(app, sessionId, kind);
    await untilItPlays(player, 0.1);
    // The page notes by itself when its picture is gone: nothing that looks from outside adds to it.
    await player.evaluate(() => {
      const timer = setInterval(() => {
        const video = document.querySelector('video');
        if (video && video.videoWidth > 0 && video.readyState > 0) return;
        clearInterval(timer);
        Object.assign(window, { blankAt: Date.now() });
      }, 2);
    });
    await pause(Math.random() * 1_500);
    const asked = Date.now();
    await approver.calls.requests.revoke({ id: granted.id, version: granted.version, comment: 'Enough was seen' });
    const committed = Date.now();
    const blankAt = await until('no picture', async () => {
      if (player.isClosed()) return Date.now();
      return player.evaluate(() => (window as unknown as { blankAt?: number }).blankAt).catch(() => null);
    });
    const said = await endSaid(app, player, 'revoked your access at');
    const late = proxy.passed.filter(
      ({ path, status, lastByteMs }) => path.startsWith('/v1/media/') && status < 300 && lastByteMs > committed,
    ).length;
    revoked.push({ kind, blankMs: blankAt - asked, late });
    if (said === player) await leaveBy(player, 'Back to Remote Sessions');
    else await said.getByRole('button', { name: 'Back to Remote Sessions' }).click();
    proxy.passed.splice(0);
  }
  return revoked;
}
