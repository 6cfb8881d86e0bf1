import { describe, expect, it } from 'vitest';
import { parseAsciicast } from '../../../gateway/import/asciicast.ts';
import { colourOf, drawTerminal } from '../../../gateway/import/draw.ts';
import { findActivity, findIdle } from '../../../gateway/import/idle.ts';
import { segmentAim } from '../../../gateway/import/pack.ts';
import { showings } from '../../../gateway/import/pack-terminal.ts';
import { parseTlog } from '../../../gateway/import/tlog.ts';
import { sheetRange } from '../../../main/viewing/storyboard.ts';

const lines = (...all: unknown[]) => all.map((one) => JSON.stringify(one)).join('\n');

describe('asciicast', () => {
  it('takes times since the start in version 2, since the event before in version 3', () => {
    const items = [
      [0.5, 'o', 'a'],
      [1, 'r', '100x30'],
      [2, 'm', 'here'],
    ];
    const second = parseAsciicast(lines({ version: 2, width: 80, height: 24 }, ...items));
    const third = parseAsciicast(`${lines({ version: 3, term: { cols: 80, rows: 24 } }, ...items)}\n# a comment\n`);
    expect(second.items.map(({ atMs }) => atMs)).toEqual([500, 1_000, 2_000]);
    expect(third.items.map(({ atMs }) => atMs)).toEqual([500, 1_500, 3_500]);
    expect(third).toMatchObject({ columns: 80, rows: 24, durationMs: 3_500 });
    expect(third.items[1]).toEqual({ atMs: 1_500, type: 'resize', columns: 100, rows: 30 });
  });

  it.each([
    ['no header', 'x', /not an asciicast/],
    ['version 1', lines({ version: 1, width: 80, height: 24 }), /not an asciicast/],
    ['nothing in it', lines({ version: 2, width: 80, height: 24 }), /empty/],
    ['a cut end', `${lines({ version: 2, width: 80, height: 24 }, [1, 'o', 'a'])}\n[2, "o", "b`, /Line 3 .* cut off/],
    ['a terminal without end', lines({ version: 2, width: 99_999, height: 24 }), /cannot be drawn/],
  ])('says what is wrong: %s', (_name, text, sentence) => {
    expect(() => parseAsciicast(text)).toThrow(sentence);
  });
});

describe('tlog', () => {
  const message = (pos: number, timing: string, out_txt: string, more: object = {}) => ({
    ...{ ver: '2.3', rec: 'r1', user: 'ana', term: 'xterm', session: 1, id: 1, pos, timing },
    ...{ in_txt: '', in_bin: [], out_txt, out_bin: [], ...more },
  });

  it('follows sizes, waits, input, output and bytes that are no text', () => {
    const first = message(0, '=90x30+100>2<1+50]1/2', 'é$\uFFFD', { in_txt: 'x', out_bin: [0xc3, 0xa9] });
    const { items, ...about } = parseTlog(lines(first, message(1_000, '>1+20', 'z')));
    expect(about).toEqual({ columns: 90, rows: 30, durationMs: 1_020 });
    expect(items.slice(1)).toEqual([
      { atMs: 100, type: 'output', text: 'é$' },
      { atMs: 100, type: 'input', text: 'x' },
      { atMs: 150, type: 'output', text: 'é' },
      { atMs: 1_000, type: 'output', text: 'z' },
    ]);
  });

  it('reads what the journal exports', () => {
    const json = JSON.stringify(message(0, '=80x24>2', 'hi'));
    for (const text of [JSON.stringify({ MESSAGE: json }), `__CURSOR=1\nMESSAGE=${json}\n\n`])
      expect(parseTlog(text).items).toContainEqual({ atMs: 0, type: 'output', text: 'hi' });
  });

  it('refuses several recordings in one file, and a cut end', () => {
    const two = lines(message(0, '>1', 'a'), { ...message(0, '>1', 'a'), rec: 'r2' });
    expect(() => parseTlog(two)).toThrow(/several recordings/);
    expect(() => parseTlog(lines(message(0, '>1', 'a')).slice(0, -5))).toThrow(/cut off/);
  });
});

describe('a drawn terminal', () => {
  it('draws only what changes, and finds commands that were shown, never a password', async () => {
    const frames: number[] = [];
    const items = [
      { atMs: 0, type: 'output', text: '$ ' },
      { atMs: 1_000, type: 'input', text: 'sudo id' },
      { atMs: 1_000, type: 'output', text: 'sudo id' },
      { atMs: 1_100, type: 'input', text: '\r' },
      { atMs: 1_200, type: 'output', text: '\r\nPassword: ' },
      { atMs: 2_000, type: 'input', text: 'hunter2\r' },
      { atMs: 3_000, type: 'output', text: '\u001b[0m' },
      { atMs: 4_000, type: 'marker', text: 'here' },
    ] as const;
    const events = await drawTerminal({ columns: 40, rows: 5, durationMs: 4_000, items: [...items] }, async ({ atMs }) => {
      frames.push(atMs);
    });
    expect(frames).toEqual([0, 1_000, 1_200]);
    expect(events).toEqual([
      { atMs: 1_100, type: 'command', text: 'sudo id' },
      { atMs: 4_000, type: 'session', text: 'here' },
    ]);
  });

  it('knows the 16 colours, the 256 and RGB', () => {
    expect(colourOf(true, false, 0, false, 'x')).toBe('x');
    expect(colourOf(false, true, 0x0ac81e, false, 'x')).toBe('#0ac81e');
    expect(colourOf(false, false, 208, false, 'x')).toBe('rgb(255, 135, 0)');
    expect(colourOf(false, false, 232, false, 'x')).toBe('rgb(8, 8, 8)');
    expect(colourOf(false, false, 1, true, 'x')).toBe(colourOf(false, false, 9, false, 'x'));
  });

  it('says a standing picture again each second', () => {
    expect(showings([0, 2_400], 3_000)).toEqual([
      { picture: 0, lastsMs: 1_000 },
      { picture: 0, lastsMs: 1_000 },
      { picture: 0, lastsMs: 400 },
      { picture: 1, lastsMs: 560 },
      { picture: 1, lastsMs: 40 },
    ]);
  });

  it('lets the last picture of each part be a short one, wherever pictures change', () => {
    for (const changes of [[0], [0, 2_960], [0, 2_920, 2_960, 3_000], [0, 5_960, 6_040], [0, 8_999]]) {
      const ends = new Set<number>();
      let atMs = 0;
      for (const { lastsMs } of showings(changes, 12_000)) {
        atMs += lastsMs;
        if (lastsMs <= 40) ends.add(atMs);
      }
      expect(atMs).toBe(12_000);
      for (const part of [3_000, 6_000, 9_000, 12_000]) expect(ends).toContain(part);
    }
  });
});

describe('what is found in a recording', () => {
  const still = { everyMs: 500, changed: new Array<number>(60).fill(0) };

  it('is idle where nothing moves for 5 s, never around an event', () => {
    expect(findIdle(still, [], 30_000)).toEqual([{ fromMs: 0, toMs: 30_000 }]);
    expect(findIdle(still, [10_000], 30_000)).toEqual([
      { fromMs: 0, toMs: 8_000 },
      { fromMs: 12_000, toMs: 30_000 },
    ]);
    expect(findIdle({ everyMs: 500, changed: still.changed.map((_, at) => (at % 8 === 0 ? 0.1 : 0)) }, [], 30_000)).toEqual([]);
  });

  it('is as lively as what changes; a moment with an event is never empty', () => {
    const changed = still.changed.with(20, 0.4).with(40, 0.1);
    const activity = findActivity({ everyMs: 500, changed }, [5_000], 30_000);
    expect(activity).toHaveLength(30);
    expect([activity[10], activity[20], activity[5], activity[0]]).toEqual([1, 0.5, 0.3, 0]);
  });

  it('is cut as it is only where parts of 2 to 4 s come out', () => {
    const every = (seconds: number) => Array.from({ length: 20 }, (_, at) => at * seconds);
    expect(segmentAim(every(1), 20_000)).toBe(3);
    expect(segmentAim(every(2), 40_000)).not.toBeNull();
    expect(segmentAim(every(10), 200_000)).toBeNull();
  });

  it('knows what a sheet of the storyboard shows', () => {
    const sheets = ['storyboard/a.jpg', 'storyboard/b.jpg'];
    const storyboard = { everyMs: 2_000, columns: 5, rows: 5, tileWidth: 160, tileHeight: 90, sheets };
    const facts = { durationMs: 60_000, framesPerSecond: null, idle: [], activity: [], storyboard };
    expect(sheetRange(facts, 'storyboard/b.jpg')).toEqual({ fromMs: 50_000, toMs: 60_000 });
    expect(sheetRange(facts, 'storyboard/c.jpg')).toBeNull();
  });
});
