import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import type { App } from './app.ts';
import type { TestGateway } from './gateway.ts';

/** Adds a running session to a gateway, its stream at an origin. */
export async function addLiveSession(
  gateway: TestGateway,
  id: string,
  origin: { url: string; playlist?: string },
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'oversight-session-'));
  const file = path.join(folder, 'session.json');
  const { url, playlist } = origin;
  const session = {
    id,
    user: 'jsouza',
    credential: 'root',
    device: 'web-07',
    originIp: '10.4.1.22',
    protocol: 'SSH',
    startedAt: new Date(Date.now() - 60_000).toISOString(),
    durationMs: null,
    state: 'live',
    route: 'Infrastructure approvers',
    events: [{ atMs: 1000, type: 'command', text: 'sudo -i' }],
    livestream: { type: 'origin', url, ...(playlist && { playlist }) },
  };
  await writeFile(file, JSON.stringify(session));
  await gateway.command('session', 'add', file);
  await rm(folder, { recursive: true, force: true });
}

/** Opens the live stream of a session from Remote Sessions. Answers with the player's page. */
export async function openStream(app: App, sessionId: string): Promise<Page> {
  const { window } = app;
  await window.getByRole('link', { name: 'Remote Sessions' }).click();
  await window.getByRole('searchbox').fill(sessionId);
  await window.getByRole('button', { name: `Actions for session ${sessionId}` }).click();
  await window.getByRole('menuitem', { name: /^Live stream/ }).click();
  const player = await app.player();
  await player.getByRole('region', { name: 'Player', exact: true }).waitFor();
  return player;
}

/** How far behind its scene the player says that its picture is (ms); null while it says nothing. */
export async function saidBehind(player: Page): Promise<number | null> {
  const text = await player
    .getByText(/^[\d.:]+( s)? behind$/)
    .first()
    .textContent({ timeout: 1_000 })
    .catch(() => null);
  const [, seconds] = /^([\d.]+) s behind$/.exec(text ?? '') ?? [];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
