import { describe, expect, it, vi } from 'vitest';
import type { ServerEvent } from '../../../contract/gateway.ts';
import type { SessionEvent } from '../../../contract/session.ts';
import { followSession, type SessionNow } from '../../../main/viewing/session-follower.ts';
import { eventually } from '../../support/eventually.ts';

const event = (atMs: number, text = `at ${atMs}`): SessionEvent => ({ atMs, type: 'command', text });
const said = (id: string) => ({ type: 'session', session: { id } }) as unknown as ServerEvent;
const direct = { state: 'direct' as const };
const converting = { state: 'unavailable' as const, why: 'converting' as const };

function follow(...answers: SessionNow[]) {
  const added: SessionEvent[][] = [];
  const states: unknown[] = [];
  let asked = 0;
  const read = vi.fn(async () => {
    await Promise.resolve();
    asked += 1;
    return answers[Math.min(asked, answers.length) - 1] as SessionNow;
  });
  const follower = followSession('s1', {
    read,
    onEvents: (events) => added.push(events),
    onState: (state, recording) => states.push([state, recording.state]),
  });
  return { follower, added, states, read };
}
const now = (state: 'live' | 'converting' | 'recorded', events: SessionEvent[] | null): SessionNow => ({
  session: { state, access: { recording: state === 'recorded' ? direct : converting, livestream: direct } },
  events,
});

describe('followSession', () => {
  it('tells what is new, wherever it belongs in the order, and once', async () => {
    const first = [event(1), event(5)];
    const { follower, added } = follow(now('live', first), now('live', [event(1), event(3), event(5), event(9)]));
    expect(await follower.events()).toEqual(first);
    follower.heard(said('s1'));
    await eventually(() => expect(added).toEqual([[event(3), event(9)]]));
    follower.heard(said('s1'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(added.length).toBe(1);
    expect((await follower.events()).length).toBe(4);
  });

  it('asks once at a time, and once more for what changed meanwhile', async () => {
    const { follower, read } = follow(now('live', []));
    await follower.events();
    for (let times = 0; times < 20; times += 1) follower.heard(said('s1'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(read.mock.calls.length).toBeLessThanOrEqual(3);
  });

  it('tells what becomes of the session, and hears nothing of others', async () => {
    const { follower, states, read } = follow(now('live', []), now('converting', null), now('recorded', null));
    await follower.events();
    follower.heard(said('s2'));
    expect(read.mock.calls.length).toBe(1);
    follower.heard(said('s1'));
    await eventually(() => expect(states).toEqual([['converting', 'unavailable']]));
    follower.heard({ type: 'reset' });
    await eventually(() => expect(states.at(-1)).toEqual(['recorded', 'direct']));
  });
});
