import { launchApp, signIn } from '../support/app.ts';
import { startDesktop } from '../support/desktop.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway } from '../support/gateway.ts';
import { numberedVideo } from '../support/numbered-video.ts';
import { addRecording, personAt } from '../support/people.ts';
import { revokeAgainAndAgain } from '../support/revocations.ts';
import { tell } from './results.ts';

const rounds = 100;

/** Revocations at random moments, live and recorded in turn: how soon the picture is gone, and what media comes afterwards. */
export async function measureRevocation(): Promise<void> {
  const folder = await numberedVideo({ seconds: 300, framesPerSecond: 10, segmentSeconds: 2, width: 640, height: 360 });
  const desktop = await startDesktop();
  const gateway = await startGateway();
  const proxy = await startFaultProxy(gateway.url);
  const app = await launchApp(desktop, { userData: 'app', gateway: proxy.url });
  try {
    await addRecording(gateway, 'often', folder, 300_000);
    await addRecording(gateway, 'often-live', folder, 0, true);
    await signIn(app, 'helena.melo');
    const revoked = await revokeAgainAndAgain(rounds, {
      app,
      proxy,
      asker: await personAt(gateway, 'helena.melo'),
      approver: await personAt(gateway, 'paulo.nunes'),
      sessions: { recording: 'often', livestream: 'often-live' },
    });
    for (const kind of ['recording', 'livestream'] as const) {
      const times = revoked.filter((one) => one.kind === kind).map(({ blankMs }) => blankMs);
      const sorted = times.toSorted((a, b) => a - b);
      const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
      const figures = { p50: sorted[Math.floor(sorted.length / 2)], max: sorted.at(-1) };
      tell({
        bench: `revocation: ask to blank, ${kind}, p95`,
        value: p95,
        goal: '<= 1000',
        met: p95 <= 1000,
        ...figures,
        unit: 'ms',
        rounds: sorted.length,
      });
    }
    const late = revoked.reduce((sum, one) => sum + one.late, 0);
    tell({ bench: 'revocation: media answers with bytes after the commit', value: late, goal: '0', met: late === 0 });
  } finally {
    await app.close();
    await proxy.stop();
    await gateway.remove();
    await desktop.stop();
  }
}
